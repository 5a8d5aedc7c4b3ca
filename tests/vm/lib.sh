# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the scripts of tests/vm share.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
# Used by those who source this.
# shellcheck disable=SC2034
build=$top/build/vm

# Of use to others than root too: depmod, modprobe.
PATH=$PATH:/usr/sbin:/sbin

die()
{
	echo "$0: $*" >&2
	exit 1
}

need()	# program
{
	command -v "$1" >/dev/null || die "$1: not found; run tests/deps vm"
}

# The directory of a kernel that is named, as for run's -k, and its release.
find_kernel()	# DIRECTORY-or-name; sets kernel and release
{
	local releases
	if [ -d "$1" ] && [[ $1 == */* ]]; then
		kernel=$(cd "$1" && pwd -P)
	else
		kernel=$("$top/tests/vm/get-kernel" "$1")
	fi
	releases=("$kernel"/lib/modules/*/)
	if [ ${#releases[@]} -ne 1 ] || [ ! -d "${releases[0]}" ]; then
		die "$kernel: want one directory in lib/modules/ there"
	fi
	# shellcheck disable=SC2034
	release=$(basename "${releases[0]}")
}
