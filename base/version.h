// The version, as meson.build states it.
#pragma once

#ifndef GLANEUR_VERSION
#define GLANEUR_VERSION "0.1.0"
#endif
