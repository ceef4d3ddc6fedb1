// SPDX-License-Identifier: Apache-2.0
package id.kentongan.kernel;

/** What an officer may do. An officer has one or more roles; a liaison officer's and a head's reach is their agency. */
public enum Role {
    /** Sets up agencies, officers, accounts and rules; reads no citizen's words by this role alone. */
    ADMINISTRATOR,
    /** Reads the shared inbox, answers, opens and forwards cases of the whole tenant. */
    COMMUNICATION_OFFICER,
    /** A communication officer who also releases text, reassigns and sees the confidential circle. */
    SUPERVISOR,
    /** Sees and answers what was forwarded to their own agency (pejabat penghubung). */
    LIAISON_OFFICER,
    /** Sees numbers and released text. */
    HEAD,
    /** Reads everything and changes nothing; personal data only with a stated, recorded reason. */
    AUDITOR
}
