/** Adapters: few parameters that a phase trains in the place of a model's. */
package org.kolotoc.adapter;
