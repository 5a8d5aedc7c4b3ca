// SPDX-License-Identifier: GPL-2.0
/* sofia-sip's reading. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sofia-sip/msg.h>
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/msg_buffer.h>
#include <sofia-sip/msg_parser.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_parser.h>
#include <sofia-sip/url.h>

#include "others.h"

static void addr_text(struct text *t, const sip_addr_t *a)
{
	char string[4096];

	if (!a)
		return;
	if (msg_header_field_e(string, sizeof(string), (msg_header_t const *)a, 0) > 0) {
		string[sizeof(string) - 1] = '\0';
		text_string(t, string);
	}
	t->there = true;
}

bool sofia_read(const uint8_t *buf, size_t len, struct reading *r)
{
	msg_t *msg = msg_create(sip_default_mclass(), 0);
	void *room = msg ? msg_buf_exact(msg, len + 1) : NULL;
	char number[16];
	sip_authorization_t *auth;
	msg_unknown_t *u;
	sip_t *sip;

	if (!room) {
		msg_destroy(msg);
		return false;
	}
	memcpy(room, buf, len);
	msg_buf_commit(msg, len, 1);
	sip = msg_extract(msg) < 0 ? NULL : sip_object(msg);
	if (!sip || (!sip->sip_request && !sip->sip_status) || sip->sip_error ||
	    msg_has_error(msg)) {
		msg_destroy(msg);
		return false;
	}
	r->held = msg;
	r->request = sip->sip_request;
	if (sip->sip_request) {
		char *uri = url_as_string(NULL, sip->sip_request->rq_url);

		text_string(&r->method, sip->sip_request->rq_method_name);
		if (uri)
			text_string(&r->uri, uri);
		free(uri);
	} else {
		r->status = sip->sip_status->st_status;
	}
	addr_text(&r->from, sip->sip_from);
	addr_text(&r->to, sip->sip_to);
	if (sip->sip_from) {
		text_string(&r->from_user, sip->sip_from->a_url->url_user);
		text_string(&r->from_host, sip->sip_from->a_url->url_host);
	}
	r->has_to_tag = sip->sip_to && sip->sip_to->a_tag;
	for (auth = sip->sip_authorization; auth && r->nr_usernames < 4; auth = auth->au_next) {
		const char *name = msg_header_find_param((msg_common_t *)auth, "username=");

		if (name)
			text_string(&r->username[r->nr_usernames++], name);
	}
	if (sip->sip_call_id)
		text_string(&r->call_id, sip->sip_call_id->i_id);
	if (sip->sip_cseq) {
		snprintf(number, sizeof(number), "%lu", (unsigned long)sip->sip_cseq->cs_seq);
		text_string(&r->cseq_number, number);
		text_string(&r->cseq_method, sip->sip_cseq->cs_method_name);
	}
	if (sip->sip_content_length) {
		r->has_length = true;
		r->length = sip->sip_content_length->l_length;
	}
	r->has_body = true;
	if (sip->sip_payload) {
		r->body = (const uint8_t *)sip->sip_payload->pl_data;
		r->body_len = sip->sip_payload->pl_len;
	}
	for (u = sip->sip_unknown; u; u = u->un_next) {
		if (strcasecmp(u->un_name, "integrity") && strcasecmp(u->un_name, "g"))
			continue;
		if (r->nr_integrity < OTHERS_FIELDS)
			text_string(&r->integrity[r->nr_integrity++], u->un_value);
	}
	return true;
}

void sofia_done(struct reading *r)
{
	msg_destroy(r->held);
}

bool sofia_value(char what, const uint8_t *value, size_t len, struct text *t)
{
	su_home_t *home = su_home_new(sizeof(*home));
	char *copy = malloc(len + 1);
	sip_call_id_t *id;
	sip_from_t *from;
	bool good = false;

	for (size_t i = 0; i < len; i++)
		copy[i] = value[i] == '\r' || value[i] == '\n' ? ' ' : value[i];
	copy[len] = '\0';
	if (what == 'i') {
		id = sip_call_id_make(home, copy);
		good = id;
		if (id)
			text_string(t, id->i_id);
	} else {
		from = sip_from_make(home, copy);
		good = from;
		addr_text(t, from);
	}
	free(copy);
	su_home_unref(home);
	return good;
}
