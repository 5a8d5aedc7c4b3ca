// SPDX-License-Identifier: GPL-2.0
#include "libsipsec.h"

const char *sipsec_library_version(void)
{
	return SIPSEC_VERSION;
}
