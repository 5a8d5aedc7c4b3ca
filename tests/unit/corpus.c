// SPDX-License-Identifier: GPL-2.0
/* The messages under ../shared/material/sip, where they are: read as the reference reads them. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data.h"
#include "guard.h"
#include "limits.h"
#include "reference.h"
#include "sipmsg.h"
#include "tap.h"

#define CORPUS	SHARED "/material/sip"

static unsigned int good, wellformed, messages;

static void one(const char *path, bool complete)
{
	struct octets message = data_file(path);
	const u8 *low = guard_low(message.data, message.len);
	struct sipsec_msg msg;
	enum sipsec_why why;
	bool agrees;

	why = sipsec_msg_parse(low, message.len, SIPSEC_MAX_SIZE_DEFAULT, &msg);
	agrees = ref_agrees(low, message.len) &&
		 ref_agrees(guard_high(message.data, message.len), message.len);
	messages++;
	good += agrees;
	wellformed += !why;
	if (!agrees)
		printf("# %s: no agreement\n", path);
	/* those that the index calls complete have nothing that clause 8 refuses */
	if (complete && why)
		printf("# %s: %s\n", path, sipsec_why_name(why));
	data_free(&message);
}

int main(void)
{
	struct json_object *root, *list;
	char path[512];
	size_t i;

	if (access(CORPUS "/index.json", R_OK)) {
		tap_skip("messages of ../shared/material/sip", "not here");
		return tap_done();
	}
	root = data_json(CORPUS "/index.json");
	list = data_array(root, "messages");
	for (i = 0; i < json_object_array_length(list); i++) {
		struct json_object *entry = json_object_array_get_idx(list, i), *length;

		snprintf(path, sizeof(path), CORPUS "/%s", data_string(entry, "file"));
		json_object_object_get_ex(entry, "length_ok", &length);
		one(path, json_object_get_boolean(length));
	}
	tap_ok(good == messages, "%u of %u messages read as the reference reads them", good,
	       messages);
	tap_ok(wellformed > messages / 2, "%u of them are well-formed", wellformed);
	json_object_put(root);
	return tap_done();
}
