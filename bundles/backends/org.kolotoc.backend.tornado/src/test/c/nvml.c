/* Stands for NVIDIA's library of power and temperature, libnvidia-ml, where it is not installed: it knows nothing. */
enum { NOT_SUPPORTED = 3 };

int nvmlInit_v2(void) { return NOT_SUPPORTED; }
int nvmlDeviceGetHandleByIndex_v2(unsigned number, void **device) { return NOT_SUPPORTED; }
int nvmlDeviceGetPowerUsage(void *device, unsigned *milliwatts) { return NOT_SUPPORTED; }
