#define TRILOBIT_PROBE_BYTES 64
#define TRILOBIT_PROBE_ISA avx512
#include "core/kernels/probe/readloop.inc"
