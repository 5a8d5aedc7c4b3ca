// SPDX-License-Identifier: GPL-2.0
/* libosip2's reading. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/time.h>
#include <osipparser2/osip_parser.h>

#include "others.h"

static void say_nothing(const char *file, int line, osip_trace_level_t level, const char *text,
			va_list ap)
{
	(void)file;
	(void)line;
	(void)level;
	(void)text;
	(void)ap;
}

static void from_text(struct text *t, osip_from_t *from)
{
	char *string = NULL;

	if (from && !osip_from_to_str(from, &string) && string)
		text_string(t, string);
	osip_free(string);
	t->there = from;
}

static void call_id_text(struct text *t, osip_call_id_t *id)
{
	char *string = NULL;

	if (id && !osip_call_id_to_str(id, &string) && string)
		text_string(t, string);
	osip_free(string);
	t->there = id;
}

bool osip_read(const uint8_t *buf, size_t len, struct reading *r)
{
	static bool ready;
	osip_message_t *sip;
	osip_header_t *header;
	osip_body_t *body;
	osip_authorization_t *auth;
	osip_generic_param_t *tag;
	char *string = NULL;
	int pos;

	if (!ready) {
		if (parser_init())
			return false;
		/* It tells of each line that it cannot read. */
		osip_trace_initialize_func(TRACE_LEVEL0, say_nothing);
		ready = true;
	}
	if (osip_message_init(&sip))
		return false;
	if (osip_message_parse(sip, (const char *)buf, len)) {
		osip_message_free(sip);
		return false;
	}
	r->held = sip;
	r->request = sip->sip_method;
	r->status = sip->status_code;
	if (sip->sip_method)
		text_string(&r->method, sip->sip_method);
	if (sip->req_uri && !osip_uri_to_str(sip->req_uri, &string) && string)
		text_string(&r->uri, string);
	osip_free(string);
	from_text(&r->from, sip->from);
	from_text(&r->to, sip->to);
	call_id_text(&r->call_id, sip->call_id);
	if (sip->from && sip->from->url) {
		text_string(&r->from_user, sip->from->url->username ?:
			    sip->from->url->string);
		text_string(&r->from_host, sip->from->url->host);
	}
	r->has_to_tag = sip->to && !osip_to_get_tag(sip->to, &tag) && tag;
	for (pos = 0; r->nr_usernames < 4 &&
	     (auth = osip_list_get(&sip->authorizations, pos)); pos++)
		if (auth->username)
			text_string(&r->username[r->nr_usernames++], auth->username);
	if (sip->cseq) {
		text_string(&r->cseq_number, sip->cseq->number);
		text_string(&r->cseq_method, sip->cseq->method);
	}
	if (sip->content_length && sip->content_length->value) {
		r->has_length = true;
		r->length = strtoul(sip->content_length->value, NULL, 10);
	}
	/* multipart bodies are taken apart */
	if (!sip->content_type || !sip->content_type->type ||
	    strcasecmp(sip->content_type->type, "multipart")) {
		r->has_body = true;
		body = osip_list_get(&sip->bodies, 0);
		if (body) {
			r->body = (const uint8_t *)body->body;
			r->body_len = body->length;
		}
	}
	for (pos = 0; (header = osip_list_get(&sip->headers, pos)); pos++) {
		if (strcasecmp(header->hname, "integrity") && strcasecmp(header->hname, "g"))
			continue;
		if (r->nr_integrity < OTHERS_FIELDS)
			text_string(&r->integrity[r->nr_integrity++], header->hvalue);
	}
	return true;
}

void osip_done(struct reading *r)
{
	osip_message_free(r->held);
}

bool osip_value(char what, const uint8_t *value, size_t len, struct text *t)
{
	char *copy = malloc(len + 1), *to = copy;
	osip_call_id_t *id;
	osip_from_t *from;
	bool good = false;

	/* folding is white space to whoever reads a value */
	for (size_t i = 0; i < len; i++)
		*to++ = value[i] == '\r' || value[i] == '\n' ? ' ' : value[i];
	*to = '\0';
	/* as it trims a field's value */
	while (to > copy && (to[-1] == ' ' || to[-1] == '\t'))
		*--to = '\0';
	for (to = copy; *to == ' ' || *to == '\t'; to++)
		;
	if (what == 'i' && !osip_call_id_init(&id)) {
		good = !osip_call_id_parse(id, to);
		if (good)
			call_id_text(t, id);
		osip_call_id_free(id);
	} else if (what == 'f' && !osip_from_init(&from)) {
		good = !osip_from_parse(from, to);
		if (good)
			from_text(t, from);
		osip_from_free(from);
	}
	free(copy);
	return good;
}
