package miroir.server.reports;

import miroir.server.pages.Words;

/** What a version is against the one before it; a version may be several of these at once. */
enum ChangeKind {
    /** Nothing, a deletion or something inactive was there before, and now something active is. */
    ARRIVAL("Arrivées", "Arrivals"),
    /** Something active was there before, and now it is deleted or inactive. */
    DEPARTURE("Départs", "Departures"),
    /** It is elsewhere, or belongs to another place. */
    MOVE("Déménagements", "Moves"),
    /** It has an MSSanté mailbox that it did not have. */
    MAILBOX("Nouvelles boîtes", "New mailboxes"),
    /** It had an MSSanté mailbox that it has not any more. */
    MAILBOX_GONE("Boîtes retirées", "Mailboxes gone"),
    /** Something else. */
    CHANGED("Autres", "Others"),
    /** All content was removed for ever, so nothing can be said of what was there. */
    ERASED("Effacements", "Erasures"),
    /** The version before is not kept, or not for who asks, so it cannot be said what changed. */
    UNKNOWN("Indéterminés", "Unknown");

    private final String french;
    private final String english;

    ChangeKind(String french, String english) {
        this.french = french;
        this.english = english;
    }

    Words words() {
        return new Words(french, english);
    }
}
