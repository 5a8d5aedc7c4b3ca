// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "tap.h"
#include "vec.h"

int main(void)
{
	alloc_hook();
	setvbuf(stdout, NULL, _IOLBF, 0);
	test_milenage();
	test_tuak();
	test_kdf();
	test_alloc();
	test_secret();
	test_challenge();
	test_cmd_aka();
	return tap_done();
}
