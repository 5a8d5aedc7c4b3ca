// SPDX-License-Identifier: GPL-2.0
/* Gives a target every file of the folders named, for what is not built by libFuzzer. */
#include <dirent.h>
#include <err.h>
#include <sys/stat.h>

#include "fuzz.h"

static void file(const char *path)
{
	static uint8_t octets[1 << 20];
	FILE *f = fopen(path, "rb");
	size_t n;

	if (!f)
		err(1, "%s", path);
	n = fread(octets, 1, sizeof(octets), f);
	fclose(f);
	LLVMFuzzerTestOneInput(octets, n);
}

int main(int argc, char **argv)
{
	char path[4096];
	struct dirent *entry;
	DIR *dir;

	for (int i = 1; i < argc; i++) {
		dir = opendir(argv[i]);
		if (!dir)
			err(1, "%s", argv[i]);
		while ((entry = readdir(dir))) {
			snprintf(path, sizeof(path), "%s/%s", argv[i], entry->d_name);
			if (entry->d_type == DT_REG)
				file(path);
		}
		closedir(dir);
	}
	return 0;
}
