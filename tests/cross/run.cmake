# cmake -DBUILD=folder -DGENERATOR=name -P run.cmake: builds the kernels and their test for 64-bit ARM and for this machine and runs
# them: under qemu as a CPU with dot products and as one without, and here. The scalar results must be the same everywhere.
find_program(COMPILER aarch64-linux-gnu-g++)
find_program(QEMU NAMES qemu-aarch64 qemu-aarch64-static)
if(NOT COMPILER OR NOT QEMU)
    message("SKIP: needs g++-aarch64-linux-gnu and qemu-user")
    return()
endif()

cmake_path(SET root NORMALIZE ${CMAKE_CURRENT_LIST_DIR}/../..)
function(build folder)
    execute_process(COMMAND ${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR} -B ${folder} -G ${GENERATOR} -DCMAKE_BUILD_TYPE=Release
                            ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
    execute_process(COMMAND ${CMAKE_COMMAND} --build ${folder} COMMAND_ERROR_IS_FATAL ANY)
endfunction()
# run(title command...): what it prints; its digests must be those of the runs before.
function(run title)
    message("${title}:")
    execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE output ECHO_OUTPUT_VARIABLE COMMAND_ERROR_IS_FATAL ANY)
    string(REGEX MATCHALL "[a-z ]+: |scalar digest [0-9a-f]+" found "${output}")
    get_property(before GLOBAL PROPERTY digests)
    if(NOT found MATCHES "scalar digest" OR (before AND NOT found STREQUAL before))
        message(FATAL_ERROR "scalar results differ between machines:\n${found} here\n${before} before")
    endif()
    set_property(GLOBAL PROPERTY digests "${found}")
endfunction()

build(${BUILD}/aarch64 -DCMAKE_TOOLCHAIN_FILE=${root}/cmake/aarch64-linux-gnu.cmake)
build(${BUILD}/native)
set(arm ${BUILD}/aarch64/kernels_agree)
run("64-bit ARM with dot products" ${QEMU} -cpu max -L /usr/aarch64-linux-gnu ${arm} neon-dotprod)
run("64-bit ARM without" ${QEMU} -cpu cortex-a53 -L /usr/aarch64-linux-gnu ${arm} neon)
run("this machine" ${BUILD}/native/kernels_agree)
