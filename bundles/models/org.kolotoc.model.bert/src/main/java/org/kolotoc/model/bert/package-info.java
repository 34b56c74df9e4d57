/** The BERT family: encoders that read to both sides. */
package org.kolotoc.model.bert;
