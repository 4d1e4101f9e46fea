#define TRILOBIT_PROBE_BYTES 32
#define TRILOBIT_PROBE_NAME fmaAvx2
#include "core/kernels/probe/fmaloop.inc"
