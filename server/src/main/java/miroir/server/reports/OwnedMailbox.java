package miroir.server.reports;

import miroir.index.store.ResourceKey;
import miroir.server.directory.Mailbox;
import org.jspecify.annotations.Nullable;

/**
 * A mailbox and whose it is.
 *
 * @param own by what people know its owner
 * @param person whose it is at last, where the owner is a person or the role of one
 * @param place where it is, where the owner is a place or a role at one
 */
record OwnedMailbox(
        Mailbox mailbox,
        ResourceKey owner,
        Known own,
        @Nullable Known person,
        @Nullable Known place) {

    /** A role is known by whose it is. */
    @Nullable
    String ownerName() {
        return own.name() != null || person == null ? own.name() : person.name();
    }

    @Nullable
    String personName() {
        return person == null ? null : person.name();
    }

    @Nullable
    String personIdentifier() {
        return person == null ? null : person.identifier();
    }

    @Nullable
    String placeName() {
        return place == null ? null : place.name();
    }

    @Nullable
    String placeIdentifier() {
        return place == null ? null : place.identifier();
    }
}
