#define TRILOBIT_PROBE_BYTES 16
#define TRILOBIT_PROBE_NAME fmaBase
#include "core/kernels/probe/fmaloop.inc"
