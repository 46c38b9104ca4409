package miroir.server.fhir;

/** A resource that only stands where HAPI wants one; the answer itself is pending. */
interface StandIn {}
