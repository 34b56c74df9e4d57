/** Writes launches as class files that TornadoVM translates: methods over its kernel context. Knows no plan and no device. */
package org.kolotoc.backend.tornado.kernels;
