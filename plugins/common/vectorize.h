// TRILOBIT_PLUGIN_CLONES: a loop compiled for the plain CPU and once more for AVX2; the loader picks. Both do the same
// operations in the same order without contraction, so the results have the same bits.
#pragma once

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)                  \
    && !defined(__SANITIZE_THREAD__)
// The choice is made while the library is loaded, before a sanitizer could have set itself up.
#define TRILOBIT_PLUGIN_CLONES __attribute__((target_clones("default", "avx2")))
#else
#define TRILOBIT_PLUGIN_CLONES
#endif
