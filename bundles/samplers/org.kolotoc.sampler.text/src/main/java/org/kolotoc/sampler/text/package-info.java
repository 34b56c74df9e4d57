/** Text, one token after the other. */
package org.kolotoc.sampler.text;
