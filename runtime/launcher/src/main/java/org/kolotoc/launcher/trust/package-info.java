/**
 * Whose code may run in this host. A policy beside the runtime, in the user's own folder, or named with {@code --policy}, may
 * demand that bundles are signed ({@code jarsigner}) with keys that it knows; a jar is then looked at before it is installed, and
 * the framework's own copy of it again before anything resolves, so that neither an activator nor a class of another runs. The
 * runtime's own bundles are not looked at: who can change these can change the launcher.
 */
package org.kolotoc.launcher.trust;
