/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SIPSEC_VERSION_H
#define SIPSEC_VERSION_H

#define SIPSEC_VERSION	"0.1.0"

#endif
