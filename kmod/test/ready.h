/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SIPSEC_TEST_READY_H
#define SIPSEC_TEST_READY_H

#include <kunit/test.h>
#include <linux/module.h>

/*
 * The init of suites that use what the module's init makes.  Kernels such as 6.1 run
 * the suites of a module that is being loaded before its init.
 */
static inline int sipsec_test_ready(struct kunit *test)
{
#ifdef MODULE
	if (THIS_MODULE->state == MODULE_STATE_COMING)
		kunit_skip(test, "this kernel runs suites before the module's init");
#endif
	return 0;
}

#endif
