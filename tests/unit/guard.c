// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guard.h"

/* GUARD_ROOM octets between two pages without any access. */
static u8 *room(void)
{
	static u8 *start;
	long page;

	if (start)
		return start;
	page = sysconf(_SC_PAGESIZE);
	if (GUARD_ROOM % page)
		errx(1, "pages of %ld", page);
	start = mmap(NULL, GUARD_ROOM + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (start == MAP_FAILED || mprotect(start + page, GUARD_ROOM, PROT_READ | PROT_WRITE))
		err(1, "guard pages");
	start += page;
	return start;
}

u8 *guard_high(const u8 *data, u32 len)
{
	u8 *at = room() + GUARD_ROOM - len;

	if (len)
		memcpy(at, data, len);
	return at;
}

u8 *guard_low(const u8 *data, u32 len)
{
	if (len)
		memcpy(room(), data, len);
	return room();
}
