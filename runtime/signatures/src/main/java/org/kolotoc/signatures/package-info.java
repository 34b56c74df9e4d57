/**
 * Signatures of the classes and methods of TornadoVM 5.2.0 that this project calls, so that it builds where no TornadoVM
 * is installed. Nothing here does anything: whoever compiles against them has them in scope {@code provided}, and at run
 * time the real jars of an SDK take their place. A test compares the two wherever an SDK is present. What is called anew
 * is added here first.
 */
package org.kolotoc.signatures;
