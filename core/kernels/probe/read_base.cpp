#define TRILOBIT_PROBE_BYTES 16
#define TRILOBIT_PROBE_ISA scalar
#include "core/kernels/probe/readloop.inc"
