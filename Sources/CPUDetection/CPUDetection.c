#include "CPUDetection.h"
