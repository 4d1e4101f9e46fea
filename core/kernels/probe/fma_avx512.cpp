#define TRILOBIT_PROBE_BYTES 64
#define TRILOBIT_PROBE_NAME fmaAvx512
#include "core/kernels/probe/fmaloop.inc"
