/**
 * TornadoVM: finds the user's SDK, asks which of its back ends can run on this machine, and says with which options a
 * JVM has to be started for them. What is peculiar to a version of it stands in
 * {@link org.kolotoc.launcher.tornado.Release}.
 *
 * <p>A JVM is started with TornadoVM only when a command asks for it: its compiler interface costs the CPU path time. And
 * a back end whose native library can not be loaded ends the JVM, hence all libraries are tried in a process of their own
 * first, {@link org.kolotoc.launcher.tornado.Start}. Why something is left out reaches the bundles as framework
 * properties: {@code kolotoc.absent} lists the backends and devices that are not there, and
 * {@code kolotoc.absent.<id>} says why.
 */
package org.kolotoc.launcher.tornado;
