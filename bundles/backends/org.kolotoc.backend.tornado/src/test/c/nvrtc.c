/*
 * Stands for NVIDIA's compiler of CUDA C, libnvrtc, where it is not installed: takes every source, and what it makes of one
 * is the source.
 */
#include <stdlib.h>
#include <string.h>

int nvrtcVersion(int *major, int *minor) { return *major = 13, *minor = 0; }
int nvrtcGetNumSupportedArchs(int *number) { return *number = 1, 0; }
int nvrtcGetSupportedArchs(int *architectures) { return *architectures = 90, 0; }
const char *nvrtcGetErrorString(int error) { return "pretended"; }

int nvrtcCreateProgram(char **program, const char *source, const char *name, int headers, const char *const *texts,
                       const char *const *names) {
    *program = strdup(source);
    return 0;
}

int nvrtcCompileProgram(char *program, int options, const char *const *texts) { return 0; }
int nvrtcGetProgramLogSize(char *program, size_t *bytes) { return *bytes = 1, 0; }
int nvrtcGetProgramLog(char *program, char *log) { return *log = 0; }
int nvrtcGetCUBINSize(char *program, size_t *bytes) { return *bytes = strlen(program) + 1, 0; }
int nvrtcGetCUBIN(char *program, char *image) { return strcpy(image, program), 0; }
int nvrtcGetPTXSize(char *program, size_t *bytes) { return nvrtcGetCUBINSize(program, bytes); }
int nvrtcGetPTX(char *program, char *image) { return nvrtcGetCUBIN(program, image); }

int nvrtcDestroyProgram(char **program) {
    free(*program);
    return 0;
}
