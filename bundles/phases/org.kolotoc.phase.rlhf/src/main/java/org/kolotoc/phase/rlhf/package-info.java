/** Learning from rewards and from preferences, near a reference. */
package org.kolotoc.phase.rlhf;
