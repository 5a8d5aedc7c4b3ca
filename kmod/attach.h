/* SPDX-License-Identifier: GPL-2.0 */
/* A namespace's netfilter hooks, registered with its first listener or outbound SA. */
#ifndef SIPSEC_ATTACH_H
#define SIPSEC_ATTACH_H

struct sipsec_net;

/*
 * Make sure that the hooks are there, before the first listener or outbound SA.
 * 0 or -errno.  Under net->lock.
 */
int sipsec_attach(struct sipsec_net *sn);

/* Unregister them; no datagram uses the namespace after the next grace period. */
void sipsec_detach(struct sipsec_net *sn);

#endif
