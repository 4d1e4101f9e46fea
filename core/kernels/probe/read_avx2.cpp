#define TRILOBIT_PROBE_BYTES 32
#define TRILOBIT_PROBE_ISA avx2
#include "core/kernels/probe/readloop.inc"
