# Shared by the project and by builds of its parts for other architectures.

# The one place for language level and warnings; every target of ours links it.
add_library(trilobit_flags INTERFACE)
target_compile_features(trilobit_flags INTERFACE cxx_std_20)
target_compile_options(trilobit_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion
    # g++ 12 reports overlapping copies inside std::string concatenation that cannot happen.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
    # The encodings promise the same bits on every machine: no silent fused multiply-add.
    -ffp-contract=off
    $<$<BOOL:${TRILOBIT_WERROR}>:-Werror>)
if(TRILOBIT_SANITIZE)
    target_compile_options(trilobit_flags INTERFACE
        -fsanitize=${TRILOBIT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(trilobit_flags INTERFACE -fsanitize=${TRILOBIT_SANITIZE})
endif()
if(TRILOBIT_FUZZ) # every library tells the fuzzer which ways were taken; without, it looks into its own file only
    target_compile_options(trilobit_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH trilobit_root)
target_include_directories(trilobit_flags INTERFACE ${trilobit_root})

# trilobit_core_library(name [QT] SOURCES a.cpp PUBLIC targets PRIVATE targets): one static library of core.
function(trilobit_core_library name)
    cmake_parse_arguments(ARG "QT" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
    add_library(${name} STATIC ${ARG_SOURCES})
    target_link_libraries(${name} PUBLIC trilobit_flags ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
    if(ARG_QT)
        set_target_properties(${name} PROPERTIES AUTOMOC ON)
    endif()
endfunction()
