package miroir.simulator;

import java.util.stream.LongStream;
import java.util.stream.Stream;
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

    /** The resource of this number, from 0 to {@link #size} - 1, as first loaded. */
    public RawBsonDocument resource(Kind kind, long number) {
        return resource(first(kind, number));
    }

    /** The resource as it looks at some moment. */
    public RawBsonDocument resource(Appearance appearance) {
        BsonElements elements = new BsonElements();
        write(elements, appearance);
        return elements.document();
    }

    /** Appends it as FHIR JSON. */
    public void json(Appearance appearance, Utf8Buffer out) {
        write(new JsonElements(out), appearance);
    }

    /** The technical id of a resource in its generation: 0 is the first, and each change of ids gives the next. */
    public static String id(Kind kind, long number, int generation) {
        return Identifiers.id(kind, number, generation);
    }

    /** The number of the resource that has or had this id; -1 where none has. */
    public long numberOf(Kind kind, String id) {
        long number = Identifiers.numberOf(kind, id);
        return number < size(kind) ? number : -1;
    }

    /** The numbers of all resources of the kind that could have this identifier's value, and perhaps of others. */
    public LongStream numbersOf(Kind kind, String identifier) {
        return Identifiers.numbersOf(kind, identifier)
                .filter(number -> number >= 0 && number < size(kind))
                .distinct()
                .sorted();
    }

    /**
     * The practitioner without whom there would not be the resource: for roles and practices of their own; -1 for what
     * does not depend on one.
     */
    public static long practitionerBehind(Kind kind, long number) {
        return switch (kind) {
            case PRACTITIONER -> number;
            case PRACTITIONER_ROLE -> Layout.practitionerOf(number);
            case ORGANIZATION -> Layout.isPractice(number) ? Layout.ownerOf(number) : -1;
            case HEALTHCARE_SERVICE, DEVICE -> -1;
        };
    }

    /** The resources of the kind behind which the practitioner is. */
    public static long[] resourcesBehind(Kind kind, long practitioner) {
        return switch (kind) {
            case PRACTITIONER -> new long[] {practitioner};
            case PRACTITIONER_ROLE -> Layout.rolesOf(practitioner);
            case ORGANIZATION ->
                LongStream.of(Layout.rolesOf(practitioner))
                        .filter(Layout::isInOwnPractice)
                        .map(Layout::practiceOf)
                        .toArray();
            case HEALTHCARE_SERVICE, DEVICE -> new long[0];
        };
    }

    /**
     * All of one kind that can refer to a resource, or be referred to by it, have numbers between these: from the
     * first to below the second.
     */
    public static long[] neighbours(Kind kind, long number, Kind wanted) {
        long district = number / Layout.perDistrict(kind);
        return new long[] {district * Layout.perDistrict(wanted), (district + 1) * Layout.perDistrict(wanted)};
    }

    private Appearance first(Kind kind, long number) {
        if (number < 0 || number >= size(kind)) {
            throw new IllegalArgumentException(
                    kind.type() + " " + number + " does not exist; allowed is 0 to " + (size(kind) - 1));
        }
        boolean active = switch (kind) {
            case PRACTITIONER -> practitioners.isActive(number);
            case PRACTITIONER_ROLE -> roles.isActive(number);
            case ORGANIZATION -> organizations.isActive(number);
            case HEALTHCARE_SERVICE -> services.isActive(number);
            case DEVICE -> devices.isActive(number);
        };
        return Appearance.first(kind, number, active);
    }

    private void write(ElementWriter writer, Appearance appearance) {
        switch (appearance.kind()) {
            case PRACTITIONER -> practitioners.write(writer, appearance);
            case PRACTITIONER_ROLE -> roles.write(writer, appearance);
            case ORGANIZATION -> organizations.write(writer, appearance);
            case HEALTHCARE_SERVICE -> services.write(writer, appearance);
            case DEVICE -> devices.write(writer, appearance);
        }
    }

    /** The same as FHIR JSON, as first loaded. */
    public byte[] json(Kind kind, long number) {
        Utf8Buffer text = new Utf8Buffer(4096);
        json(first(kind, number), text);
        return text.toByteArray();
    }

    /** All resources of the kind, in the order of their numbers. */
    public Stream<RawBsonDocument> resources(Kind kind) {
        return LongStream.range(0, size(kind)).mapToObj(number -> resource(kind, number));
    }
}
