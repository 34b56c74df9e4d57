/** Questions with answers, and answers in order, of the made-up world and of files. */
package org.kolotoc.data.chat;
