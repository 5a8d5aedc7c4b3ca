// SPDX-License-Identifier: GPL-2.0
/* The configuration file. */
#include <sys/mman.h>
#include <unistd.h>

#include "config.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int file = -1;
	static char path[32];
	struct keyring *keys;
	struct config c;
	unsigned int i;
	int err;

	if (size > 8192)
		return -1;
	if (file < 0) {
		file = memfd_create("config", 0);
		must(file >= 0, "memfd");
		snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	}
	must(!ftruncate(file, 0) && pwrite(file, data, size, 0) == (ssize_t)size, "memfd");
	keys = keyring_new();
	must(keys, "no memory");
	err = config_read(&c, "load", path, keys);
	must(err <= 0, "error %d", err);
	if (!err) {
		for (i = 0; i < c.nr_sas; i++)
			must(config_find_sa(&c, &c.sas[i].sa) == &c.sas[i], "SA of line %u",
			     c.sas[i].line);
		for (i = 0; i < c.nr_listeners; i++)
			must(config_find_listener(&c, &c.listeners[i].l) == &c.listeners[i],
			     "listener of line %u", c.listeners[i].line);
		config_free(&c);
	}
	keyring_free(keys);
	return 0;
}
