/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SIPSEC_CTL_CMD_AKA_H
#define SIPSEC_CTL_CMD_AKA_H

/* sipsec aka; argv[0] is the command's name.  Returns the exit status of msg.h. */
int cmd_aka(int argc, char **argv);

#endif
