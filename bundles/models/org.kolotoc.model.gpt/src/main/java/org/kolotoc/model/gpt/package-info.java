/** The GPT family: a decoder-only transformer with a tied head. */
package org.kolotoc.model.gpt;
