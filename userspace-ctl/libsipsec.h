/* SPDX-License-Identifier: GPL-2.0 */
/*
 * libsipsec: security associations of the sipsec kernel module, keys out of AKA,
 * and the agreement of RFC 3329, for a proxy that starts no process for them.
 * libsipsec(3) tells more; clauses are those of docs/integrity.md.
 *
 * Handles
 *	All functions take a handle, struct sipsec.  It keeps the last error's text
 *	and, once a function needs the kernel, a netlink socket.  There is no other
 *	state: a handle may be used by one thread at a time, several handles at
 *	once.  After fork() the child's first request opens a socket of its own;
 *	parent and child may both go on.  The socket belongs to the network
 *	namespace its thread was in when it was opened, and needs CAP_NET_ADMIN.
 *
 * Errors
 *	Functions that return int give 0, or a negative errno; sipsec_error() then
 *	has one line, "field: reason", as sipsec(8) prints it.  What is given
 *	through pointers is as it was, but for the values of an AKA object, which are
 *	wiped, and what was asked of the kernel has not been done, in no part.  Nothing
 *	prints, ends the process, or changes signals.
 *
 *		EINVAL		a word or an argument is wrong
 *		EBADMSG		a message, or a field of it, is not well-formed
 *		ENOMSG		a message lacks a field
 *		EPROTONOSUPPORT	no algorithm in common
 *		EKEYREJECTED	the peer's fields differ: someone bid down;
 *				or a key was used before
 *		EEXIST		the SPI is in use
 *		ENOENT		no such SA; or the kernel has no sipsec family
 *		EPERM		no CAP_NET_ADMIN
 *		ENOSPC		the caller's buffer is too small
 *		ENOMEM, and what the socket gives
 *
 * Ownership
 *	What is given to a function stays the caller's and is not kept.  What is
 *	returned as const char * belongs to the object it is asked of.
 *
 * Words
 *	SAs and listeners are described by the words of sipsec(8), a NULL-terminated
 *	array { "in", "spi", "0x4f1a22c0", "state", "established", NULL }: numbers
 *	are decimal, or hexadecimal behind 0x.  Keys are never words.
 *
 * Versions
 *	A program that was built with this header runs with every libsipsec.so.1 of
 *	LIBSIPSEC_VERSION or later.  More functions, words and errors may come.
 *	Types are opaque, and no structure of the kernel's interface shows.
 */
#ifndef LIBSIPSEC_H
#define LIBSIPSEC_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Of this header: major * 0x10000 + minor; a major is a soname. */
#define LIBSIPSEC_VERSION	0x10000

struct sipsec;
struct sipsec_object;
struct sipsec_agreement;
struct sipsec_pair;
struct sipsec_aka;

/* LIBSIPSEC_VERSION of the library that runs, and its release, "0.1.0". */
unsigned int sipsec_library_version(void);
const char *sipsec_library_release(void);

/* A handle; NULL: no memory.  Opens nothing yet. */
struct sipsec *sipsec_new(void);
void sipsec_free(struct sipsec *s);

/* "field: reason" of the last function that failed; never NULL. */
const char *sipsec_error(const struct sipsec *s);

/* Open the socket now, to see whether that works.  ENOENT: no module. */
int sipsec_open(struct sipsec *s);

/*
 * SAs and listeners
 *
 * words are those of "sipsec sa add" and so on, without key-file.
 */

#define SIPSEC_KEY_SIZE		32	/* the longest key, its salt included */

int sipsec_sa_add(struct sipsec *s, const char *const *words, const void *key, size_t key_len);
int sipsec_sa_replace(struct sipsec *s, const char *const *words, const void *key,
		      size_t key_len);
int sipsec_sa_set(struct sipsec *s, const char *const *words);
int sipsec_sa_del(struct sipsec *s, const char *const *words);

/*
 * Delete all SAs of which the words are true, { "peer", "192.0.2.7", NULL },
 * { NULL } for all; that there are none is no error.  *count (may be NULL) is how
 * many it were.
 */
int sipsec_sa_flush(struct sipsec *s, const char *const *words, uint64_t *count);

/* Called for an object that is valid until it returns; not 0 ends the dump with it. */
typedef int (*sipsec_object_fn)(const struct sipsec_object *o, void *arg);

/*
 * The SA the words name; all SAs, or listeners, of which they are true.  fn must
 * not use the handle.  EINTR: SAs changed meanwhile so that some may have been
 * left out or come twice; try again.
 */
int sipsec_sa_get(struct sipsec *s, const char *const *words, sipsec_object_fn fn, void *arg);
int sipsec_sa_dump(struct sipsec *s, const char *const *words, sipsec_object_fn fn, void *arg);

int sipsec_listener_add(struct sipsec *s, const char *const *words);
int sipsec_listener_replace(struct sipsec *s, const char *const *words);
int sipsec_listener_set(struct sipsec *s, const char *const *words);
int sipsec_listener_del(struct sipsec *s, const char *const *words);
int sipsec_listener_dump(struct sipsec *s, sipsec_object_fn fn, void *arg);

/*
 * A value by its word, as in the JSON of sipsec(8): a number; a text of at most
 * size - 1 characters and a NUL; the counter of a class.  ENOENT: the object has
 * none of that name, or it is of another kind; ENOSPC.  They set no error text.
 */
#define SIPSEC_TEXT_SIZE	2304	/* enough for every text */
int sipsec_object_u64(const struct sipsec_object *o, const char *name, uint64_t *value);
int sipsec_object_text(const struct sipsec_object *o, const char *name, char *text, size_t size);
int sipsec_object_counter(const struct sipsec_object *o, const char *class_name, uint64_t *value);

/* The counters of the network namespace, those by class after the others. */
typedef void (*sipsec_counter_fn)(const char *name, uint64_t value, void *arg);
int sipsec_stats(struct sipsec *s, sipsec_counter_fn fn, void *arg);

/*
 * Agreement (clause 15)
 *
 * message is a whole SIP message, or the value of the field that is sought
 * alone.  algs are names joined by ',', or NULL for those the kernel serves.
 * Of several in common the strongest is chosen: hmac-sha-256-128, aes-gmac,
 * aes-cmac-96, hmac-sha-1-96, hmac-md5-96, 128-eia2, 128-eia3, uia2, uia1.
 */

#define SIPSEC_VALUE_SIZE	1024	/* enough for every value written here */

/* An SPI that is not in use inbound, out of getrandom(2). */
int sipsec_draw_spi(struct sipsec *s, uint32_t *spi);

/* The value of a UE's Security-Client: all of algs, with the SPI it receives on. */
int sipsec_agree_client(struct sipsec *s, const char *algs, uint32_t spi, char *value,
			size_t size);

/* The value of a P-CSCF's Security-Server in a 494 or 421, without an SPI. */
int sipsec_agree_offer(struct sipsec *s, const char *algs, char *value, size_t size);

/*
 * P-CSCF: choose from the Security-Client of a REGISTER; spi is the one the UE is
 * to send with (0: draw it).  UE: choose from the Security-Server of a 401.
 * *a is to be given to sipsec_agreement_free().
 */
int sipsec_agree_server(struct sipsec *s, const void *message, size_t len, const char *algs,
			uint32_t spi, struct sipsec_agreement **a);
int sipsec_agree_verify(struct sipsec *s, const void *message, size_t len, const char *algs,
			struct sipsec_agreement **a);
void sipsec_agreement_free(struct sipsec_agreement *a);

const char *sipsec_agreement_alg(const struct sipsec_agreement *a);
/* 0 where the other side's message does not say it. */
uint32_t sipsec_agreement_spi_uplink(const struct sipsec_agreement *a);
uint32_t sipsec_agreement_spi_downlink(const struct sipsec_agreement *a);
/* What was received, all values in one line; what is to be sent for it. */
const char *sipsec_agreement_received(const struct sipsec_agreement *a);
const char *sipsec_agreement_value(const struct sipsec_agreement *a);

/*
 * P-CSCF: has the first protected REGISTER the Security-Client that was received
 * and, as Security-Verify, the Security-Server that was sent?  White space between
 * and the division into lines aside, each octet must be the same.  EKEYREJECTED:
 * it has not, or lacks one: delete the pair and answer 494.
 */
int sipsec_agree_check(struct sipsec *s, const void *message, size_t len,
		       const void *security_client, size_t client_len,
		       const void *security_server, size_t server_len);

/*
 * A pair of SAs out of the 401 of an S-CSCF (clause 6), on the P-CSCF.  words are
 * those of "sipsec sa from-challenge", without message and register.  reg is the
 * REGISTER that was challenged, or the value of its Security-Client; NULL where
 * words say it all.  Both SAs are made, or none.
 */
int sipsec_pair_make(struct sipsec *s, const char *const *words, const void *challenge,
		     size_t challenge_len, const void *reg, size_t reg_len,
		     struct sipsec_pair **pair);
/* The SAs stay. */
void sipsec_pair_free(struct sipsec_pair *pair);

/* The 401 for the UE: without ck and ik, with Security-Server. */
const void *sipsec_pair_challenge(const struct sipsec_pair *pair, size_t *len);
const char *sipsec_pair_alg(const struct sipsec_pair *pair);
uint32_t sipsec_pair_spi_uplink(const struct sipsec_pair *pair);
uint32_t sipsec_pair_spi_downlink(const struct sipsec_pair *pair);
/* For sipsec_agree_check(); "" where there was no Security-Client. */
const char *sipsec_pair_security_client(const struct sipsec_pair *pair);
const char *sipsec_pair_security_server(const struct sipsec_pair *pair);

/*
 * AKA (TS 33.102).  Lengths are octets.  k, op and so on are secrets: the caller
 * wipes what is his, sipsec_aka_free() what was kept.
 */

enum sipsec_key_direction {
	SIPSEC_UPLINK,
	SIPSEC_DOWNLINK,
};

/* What the functions below leave in the object. */
enum sipsec_aka_value {
	SIPSEC_AKA_RES,
	SIPSEC_AKA_CK,
	SIPSEC_AKA_IK,
	SIPSEC_AKA_AUTN,
	SIPSEC_AKA_AUTS,
	SIPSEC_AKA_SQN,
	SIPSEC_AKA_AMF,
};

/* op is OPc where derived is not 0, else OP; 16 octets each. */
int sipsec_aka_milenage(struct sipsec *s, const void *k, const void *op, int derived,
			struct sipsec_aka **aka);
/* top is TOPc where derived is not 0; k is 16 or 32 octets, top 32; all lengths default. */
int sipsec_aka_tuak(struct sipsec *s, const void *k, size_t k_len, const void *top, int derived,
		    struct sipsec_aka **aka);
void sipsec_aka_free(struct sipsec_aka *aka);

/* Home network: RES, CK, IK, AUTN.  rand 16, sqn 6, amf 2 octets. */
int sipsec_aka_vector(struct sipsec *s, struct sipsec_aka *aka, const void *rand, const void *sqn,
		      const void *amf);
/* USIM: RES, CK, IK, SQN, AMF of an AUTN that verifies (EKEYREJECTED: it does not). */
int sipsec_aka_answer(struct sipsec *s, struct sipsec_aka *aka, const void *rand,
		      const void *autn, size_t autn_len);
/* USIM: AUTS that asks for an SQN above sqn_ms; home network: SQN of an AUTS. */
int sipsec_aka_auts(struct sipsec *s, struct sipsec_aka *aka, const void *rand,
		    const void *sqn_ms);
int sipsec_aka_resync(struct sipsec *s, struct sipsec_aka *aka, const void *rand,
		      const void *auts, size_t auts_len);

/* *len octets, valid until the object's next function; NULL: not computed. */
const void *sipsec_aka_get(const struct sipsec_aka *aka, enum sipsec_aka_value value,
			   size_t *len);

/*
 * The key of an SA (clause 6), with aes-gmac its salt behind it, into key, which has
 * room for *len (SIPSEC_KEY_SIZE is enough); *len is then its octets.
 */
int sipsec_derive_key(struct sipsec *s, const char *alg, const void *ck, size_t ck_len,
		      const void *ik, size_t ik_len, enum sipsec_key_direction direction,
		      uint32_t spi, void *key, size_t *len);

#ifdef __cplusplus
}
#endif

#endif
