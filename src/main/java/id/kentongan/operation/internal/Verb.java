// SPDX-License-Identifier: Apache-2.0
package id.kentongan.operation.internal;

/** One administrative verb, a bean. */
interface Verb {
    /** @return 0 when it is done, 1 when it could not be; what is wrong is said by then */
    int run(Arguments words, Terminal terminal) throws Arguments.Wrong;
}
