// SPDX-License-Identifier: GPL-2.0
#include "class.h"

#define CLASS_ROW(nr, sym, name, action) [nr] = { name, action },
static const struct {
	const char *name;
	enum sipsec_action action;
} classes[] = {
	SIPSEC_CLASSES(CLASS_ROW)
};

const char *sipsec_class_name(unsigned int class)
{
	return class < SIPSEC_NR_CLASSES ? classes[class].name : "?";
}

enum sipsec_action sipsec_class_action(enum sipsec_class class)
{
	return classes[class].action;
}
