/** Whether what fills the seats fits together and the criteria can be judged: said before anything is opened or traced. */
package org.kolotoc.engine.check;
