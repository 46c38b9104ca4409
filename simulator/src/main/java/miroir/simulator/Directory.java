package miroir.simulator;

import java.util.stream.LongStream;
import java.util.stream.Stream;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import org.bson.RawBsonDocument;

/**
 * A health directory of any size that is made up as it is read: the same seed and size give the same resources, byte
 * by byte, and each one is computed from its number alone, so that ten million need no more memory than ten. No value
 * can be a real person's. Thread-safe.
 */
public final class Directory {
    private final long districts;
    private final WritePractitioner practitioners;
    private final WriteRole roles;
    private final WriteOrganization organizations;
    private final WriteHealthcareService services;
    private final WriteDevice devices;

    /** A directory of at least so many practitioners: the number is rounded up to a multiple of 100. */
    public Directory(long seed, int practitioners) {
        if (practitioners < 1) {
            throw new IllegalArgumentException("practitioners is " + practitioners + "; allowed is 1 or more");
        }
        this.districts = (practitioners + Layout.PRACTITIONERS - 1L) / Layout.PRACTITIONERS;
        this.practitioners = new WritePractitioner(seed);
        this.roles = new WriteRole(seed, this.practitioners);
        this.organizations = new WriteOrganization(seed, this.practitioners);
        this.services = new WriteHealthcareService(seed);
        this.devices = new WriteDevice(seed);
    }

    /** How many resources of the kind there are. */
    public long size(Kind kind) {
        return districts * Layout.perDistrict(kind);
    }

    /** The resource of this number, from 0 to {@link #size} - 1. */
    public RawBsonDocument resource(Kind kind, long number) {
        if (number < 0 || number >= size(kind)) {
            throw new IllegalArgumentException(
                    kind.type() + " " + number + " does not exist; allowed is 0 to " + (size(kind) - 1));
        }
        return switch (kind) {
            case PRACTITIONER -> practitioners.write(number);
            case PRACTITIONER_ROLE -> roles.write(number);
            case ORGANIZATION -> organizations.write(number);
            case HEALTHCARE_SERVICE -> services.write(number);
            case DEVICE -> devices.write(number);
        };
    }

    /** The same as FHIR JSON. */
    public byte[] json(Kind kind, long number) {
        Utf8Buffer text = new Utf8Buffer(4096);
        ResourceWriter.write(resource(kind, number), text, false);
        return text.toByteArray();
    }

    /** All resources of the kind, in the order of their numbers. */
    public Stream<RawBsonDocument> resources(Kind kind) {
        return LongStream.range(0, size(kind)).mapToObj(number -> resource(kind, number));
    }
}
