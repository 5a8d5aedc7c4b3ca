// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "msg.h"
#include "nl_open.h"

static struct nl *open_nl(const char *what, int *err)
{
	struct nl *nl = nl_new();

	*err = nl ? nl_connect(nl) : -ENOMEM;
	if (!*err)
		return nl;
	if (!nl)
		err_msg("%s: %s", what, strerror(ENOMEM));
	else if (*err != -ENOENT)
		err_msg("%s: netlink: %s", what, nl_error(nl));
	nl_close(nl);
	return NULL;
}

struct nl *nl_open_quiet(const char *what, bool *missing)
{
	int err;
	struct nl *nl = open_nl(what, &err);

	*missing = err == -ENOENT;
	return nl;
}

struct nl *nl_open(const char *what)
{
	int err;
	struct nl *nl = open_nl(what, &err);

	if (err == -ENOENT)
		err_msg("the kernel has no sipsec family (modprobe sipsec)");
	return nl;
}
