#!/bin/sh
# Takes out of a virtual environment what serving never opens: installers, the libraries' own tests, and what only
# compilers and type checkers read. The Dockerfile and `make image-size` both use it, so that one measures the other.
set -eu
packages=$(echo "$1"/lib/python3.*/site-packages)
test -d "$packages"
rm -rf "$packages"/pip "$packages"/pip-* "$packages"/setuptools "$packages"/setuptools-* \
  "$packages"/pkg_resources "$packages"/_distutils_hack "$packages"/distutils-precedence.pth "$1"/bin/pip*
# Downloads from a model hub, which tokenizers brings along and the shipped model does not need.
rm -rf "$packages"/hf_xet
find "$packages" -type d -name tests -prune -exec rm -rf {} +
find "$packages" -type f \( -name '*.pyi' -o -name '*.a' -o -name '*.h' -o -name '*.c' -o -name '*.pxd' -o -name '*.pyx' \) -delete
