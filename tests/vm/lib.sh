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

# What the names of a cross compiler's programs begin with; nothing for the host's
# own architecture.
cross_prefix()	# architecture, as Debian names it
{
	case $1 in
	arm64)	echo aarch64-linux-gnu- ;;
	s390x)	echo s390x-linux-gnu- ;;
	esac
}

# That of a kernel. Debian's releases end in it, those built here do not.
arch_of()	# release
{
	case ${1##*-} in
	arm64|s390x) echo "${1##*-}" ;;
	*)	echo amd64 ;;
	esac
}

# An apt that knows only a suite, of an architecture, and writes only below build/.
apt_for()	# suite architecture; sets apt and apt_options
{
	local site
	apt=$build/apt/$1-$2
	mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
	: > "$apt/status"
	site=$("$top/tests/vm/mirror")
	echo "deb $site $1 main" > "$apt/sources.list"
	case $1 in
	*-*)	;;
	*)	echo "deb $site-security $1-security main" \
			>> "$apt/sources.list" ;;
	esac
	# shellcheck disable=SC2034
	apt_options=(
		-q
		-o APT::Sandbox::User=root
		-o "APT::Architecture=$2"
		-o "APT::Architectures::=$2"
		-o "Dir::Etc::sourcelist=$apt/sources.list"
		-o Dir::Etc::sourceparts=-
		-o "Dir::State::lists=$apt/lists"
		-o "Dir::State::status=$apt/status"
		-o "Dir::Cache=$apt/cache"
		-o Acquire::Languages=none
	)
	apt-get "${apt_options[@]}" update >&2
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
