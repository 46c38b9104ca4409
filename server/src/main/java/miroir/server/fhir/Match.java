package miroir.server.fhir;

import miroir.index.Refusal;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;

/** A version that met the criteria of a conditional write. */
record Match(ResourceKey key, long version) {

    static Match of(ResourceVersion.Live live) {
        return new Match(live.key(), live.version());
    }

    /** That this is still the current version; refused where the client demands another one, or none. */
    Precondition unchanged(Precondition ofClient) {
        if (ofClient instanceof Precondition.VersionIs expected
                && !expected.versions().contains(version)) {
            throw failed(key + " has version " + version + ", not " + expected);
        }
        if (ofClient instanceof Precondition.Absent) {
            throw failed(key + " exists already, with version " + version);
        }
        return Precondition.versionIs(version);
    }

    private static Refusal failed(String message) {
        return new Refusal(Refusal.Reason.PRECONDITION_FAILED, message);
    }
}
