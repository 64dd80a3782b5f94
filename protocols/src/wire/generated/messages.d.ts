import * as $protobuf from "protobufjs/minimal.js";
import type Long from "long";

/** Namespace weft. */
export namespace weft {

    /**
     * Properties of a Bundle.
     * @deprecated Use weft.Bundle.$Properties instead.
     */
    interface IBundle extends weft.Bundle.$Properties {
    }

    /** Represents a Bundle. */
    class Bundle {

        /**
         * Constructs a new Bundle.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.Bundle.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Bundle header. */
        header?: (weft.BundleHeader.$Properties|null);

        /** Bundle envelopes. */
        envelopes: Uint8Array[];

        /** Bundle proofs. */
        proofs: weft.Equivocation.$Properties[];

        /** Bundle trailer. */
        trailer?: (weft.BundleTrailer.$Properties|null);

        /**
         * Creates a new Bundle instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Bundle instance
         */
        static create(properties: weft.Bundle.$Shape): weft.Bundle & weft.Bundle.$Shape;
        static create(properties?: weft.Bundle.$Properties): weft.Bundle;

        /**
         * Encodes the specified Bundle message. Does not implicitly {@link weft.Bundle.verify|verify} messages.
         * @param message Bundle message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.Bundle.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Bundle message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.Bundle & weft.Bundle.$Shape} Bundle
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.Bundle & weft.Bundle.$Shape;
    }

    namespace Bundle {

        /** Properties of a Bundle. */
        interface $Properties {

            /** Bundle header */
            header?: (weft.BundleHeader.$Properties|null);

            /** Bundle envelopes */
            envelopes?: (Uint8Array[]|null);

            /** Bundle proofs */
            proofs?: (weft.Equivocation.$Properties[]|null);

            /** Bundle trailer */
            trailer?: (weft.BundleTrailer.$Properties|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Bundle. */
        type $Shape = weft.Bundle.$Properties;
    }

    /**
     * Properties of a BundleHeader.
     * @deprecated Use weft.BundleHeader.$Properties instead.
     */
    interface IBundleHeader extends weft.BundleHeader.$Properties {
    }

    /** Represents a BundleHeader. */
    class BundleHeader {

        /**
         * Constructs a new BundleHeader.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.BundleHeader.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** BundleHeader network. */
        network: string;

        /** BundleHeader exportedBy. */
        exportedBy: string;

        /**
         * Creates a new BundleHeader instance using the specified properties.
         * @param [properties] Properties to set
         * @returns BundleHeader instance
         */
        static create(properties: weft.BundleHeader.$Shape): weft.BundleHeader & weft.BundleHeader.$Shape;
        static create(properties?: weft.BundleHeader.$Properties): weft.BundleHeader;

        /**
         * Encodes the specified BundleHeader message. Does not implicitly {@link weft.BundleHeader.verify|verify} messages.
         * @param message BundleHeader message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.BundleHeader.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a BundleHeader message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.BundleHeader & weft.BundleHeader.$Shape} BundleHeader
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.BundleHeader & weft.BundleHeader.$Shape;
    }

    namespace BundleHeader {

        /** Properties of a BundleHeader. */
        interface $Properties {

            /** BundleHeader network */
            network?: (string|null);

            /** BundleHeader exportedBy */
            exportedBy?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a BundleHeader. */
        type $Shape = weft.BundleHeader.$Properties;
    }

    /**
     * Properties of a BundleTrailer.
     * @deprecated Use weft.BundleTrailer.$Properties instead.
     */
    interface IBundleTrailer extends weft.BundleTrailer.$Properties {
    }

    /** Represents a BundleTrailer. */
    class BundleTrailer {

        /**
         * Constructs a new BundleTrailer.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.BundleTrailer.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** BundleTrailer envelopes. */
        envelopes: Long;

        /** BundleTrailer digest. */
        digest: Uint8Array;

        /**
         * Creates a new BundleTrailer instance using the specified properties.
         * @param [properties] Properties to set
         * @returns BundleTrailer instance
         */
        static create(properties: weft.BundleTrailer.$Shape): weft.BundleTrailer & weft.BundleTrailer.$Shape;
        static create(properties?: weft.BundleTrailer.$Properties): weft.BundleTrailer;

        /**
         * Encodes the specified BundleTrailer message. Does not implicitly {@link weft.BundleTrailer.verify|verify} messages.
         * @param message BundleTrailer message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.BundleTrailer.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a BundleTrailer message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.BundleTrailer & weft.BundleTrailer.$Shape} BundleTrailer
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.BundleTrailer & weft.BundleTrailer.$Shape;
    }

    namespace BundleTrailer {

        /** Properties of a BundleTrailer. */
        interface $Properties {

            /** BundleTrailer envelopes */
            envelopes?: (Long|null);

            /** BundleTrailer digest */
            digest?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a BundleTrailer. */
        type $Shape = weft.BundleTrailer.$Properties;
    }

    /** ReceiptKind enum. */
    enum ReceiptKind {

        /** RECEIPT_NONE value */
        RECEIPT_NONE = 0,

        /** RECEIPT_INTERVAL value */
        RECEIPT_INTERVAL = 1,

        /** RECEIPT_FINAL value */
        RECEIPT_FINAL = 4
    }

    /**
     * Properties of a Receipt.
     * @deprecated Use weft.Receipt.$Properties instead.
     */
    interface IReceipt extends weft.Receipt.$Properties {
    }

    /** Represents a Receipt. */
    class Receipt {

        /**
         * Constructs a new Receipt.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.Receipt.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Receipt leaseId. */
        leaseId: Uint8Array;

        /** Receipt seq. */
        seq: number;

        /** Receipt prevHash. */
        prevHash: Uint8Array;

        /** Receipt kind. */
        kind: weft.ReceiptKind;

        /** Receipt sentAt. */
        sentAt: Long;

        /** Receipt runMs. */
        runMs: Long;

        /** Receipt pausedMs. */
        pausedMs: Long;

        /** Receipt egressBytes. */
        egressBytes: Long;

        /** Receipt amount. */
        amount: Long;

        /** Receipt logBytes. */
        logBytes: Long;

        /** Receipt final. */
        final?: (weft.Final.$Properties|null);

        /**
         * Creates a new Receipt instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Receipt instance
         */
        static create(properties: weft.Receipt.$Shape): weft.Receipt & weft.Receipt.$Shape;
        static create(properties?: weft.Receipt.$Properties): weft.Receipt;

        /**
         * Encodes the specified Receipt message. Does not implicitly {@link weft.Receipt.verify|verify} messages.
         * @param message Receipt message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.Receipt.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Receipt message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.Receipt & weft.Receipt.$Shape} Receipt
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.Receipt & weft.Receipt.$Shape;
    }

    namespace Receipt {

        /** Properties of a Receipt. */
        interface $Properties {

            /** Receipt leaseId */
            leaseId?: (Uint8Array|null);

            /** Receipt seq */
            seq?: (number|null);

            /** Receipt prevHash */
            prevHash?: (Uint8Array|null);

            /** Receipt kind */
            kind?: (weft.ReceiptKind|null);

            /** Receipt sentAt */
            sentAt?: (Long|null);

            /** Receipt runMs */
            runMs?: (Long|null);

            /** Receipt pausedMs */
            pausedMs?: (Long|null);

            /** Receipt egressBytes */
            egressBytes?: (Long|null);

            /** Receipt amount */
            amount?: (Long|null);

            /** Receipt logBytes */
            logBytes?: (Long|null);

            /** Receipt final */
            final?: (weft.Final.$Properties|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Receipt. */
        type $Shape = weft.Receipt.$Properties;
    }

    /**
     * Properties of a Final.
     * @deprecated Use weft.Final.$Properties instead.
     */
    interface IFinal extends weft.Final.$Properties {
    }

    /** Represents a Final. */
    class Final {

        /**
         * Constructs a new Final.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.Final.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Final endReason. */
        endReason: number;

        /** Final exitCode. */
        exitCode?: (number|null);

        /** Final outputs. */
        outputs: Uint8Array;

        /** Final outputBytes. */
        outputBytes: Long;

        /** Final detail. */
        detail: string;

        /**
         * Creates a new Final instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Final instance
         */
        static create(properties: weft.Final.$Shape): weft.Final & weft.Final.$Shape;
        static create(properties?: weft.Final.$Properties): weft.Final;

        /**
         * Encodes the specified Final message. Does not implicitly {@link weft.Final.verify|verify} messages.
         * @param message Final message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.Final.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Final message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.Final & weft.Final.$Shape} Final
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.Final & weft.Final.$Shape;
    }

    namespace Final {

        /** Properties of a Final. */
        interface $Properties {

            /** Final endReason */
            endReason?: (number|null);

            /** Final exitCode */
            exitCode?: (number|null);

            /** Final outputs */
            outputs?: (Uint8Array|null);

            /** Final outputBytes */
            outputBytes?: (Long|null);

            /** Final detail */
            detail?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Final. */
        type $Shape = weft.Final.$Properties;
    }

    /** Verdict enum. */
    enum Verdict {

        /** VERDICT_NONE value */
        VERDICT_NONE = 0,

        /** VERDICT_ACCEPTED value */
        VERDICT_ACCEPTED = 1,

        /** VERDICT_OBJECTED value */
        VERDICT_OBJECTED = 2
    }

    /** ObjectionReason enum. */
    enum ObjectionReason {

        /** OBJECTION_NONE value */
        OBJECTION_NONE = 0,

        /** OBJECTION_AFTER_FINAL value */
        OBJECTION_AFTER_FINAL = 1,

        /** OBJECTION_SEQ value */
        OBJECTION_SEQ = 2,

        /** OBJECTION_PREV_HASH value */
        OBJECTION_PREV_HASH = 3,

        /** OBJECTION_COUNTER_FELL value */
        OBJECTION_COUNTER_FELL = 4,

        /** OBJECTION_OVER_TIME value */
        OBJECTION_OVER_TIME = 5,

        /** OBJECTION_EGRESS value */
        OBJECTION_EGRESS = 6,

        /** OBJECTION_AMOUNT value */
        OBJECTION_AMOUNT = 7,

        /** OBJECTION_AHEAD_OF_CLOCK value */
        OBJECTION_AHEAD_OF_CLOCK = 8
    }

    /**
     * Properties of an Objection.
     * @deprecated Use weft.Objection.$Properties instead.
     */
    interface IObjection extends weft.Objection.$Properties {
    }

    /** Represents an Objection. */
    class Objection {

        /**
         * Constructs a new Objection.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.Objection.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Objection reason. */
        reason: weft.ObjectionReason;

        /** Objection runMs. */
        runMs: Long;

        /** Objection acceptedSeq. */
        acceptedSeq: number;

        /**
         * Creates a new Objection instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Objection instance
         */
        static create(properties: weft.Objection.$Shape): weft.Objection & weft.Objection.$Shape;
        static create(properties?: weft.Objection.$Properties): weft.Objection;

        /**
         * Encodes the specified Objection message. Does not implicitly {@link weft.Objection.verify|verify} messages.
         * @param message Objection message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.Objection.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an Objection message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.Objection & weft.Objection.$Shape} Objection
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.Objection & weft.Objection.$Shape;
    }

    namespace Objection {

        /** Properties of an Objection. */
        interface $Properties {

            /** Objection reason */
            reason?: (weft.ObjectionReason|null);

            /** Objection runMs */
            runMs?: (Long|null);

            /** Objection acceptedSeq */
            acceptedSeq?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an Objection. */
        type $Shape = weft.Objection.$Properties;
    }

    /**
     * Properties of a Countersignature.
     * @deprecated Use weft.Countersignature.$Properties instead.
     */
    interface ICountersignature extends weft.Countersignature.$Properties {
    }

    /** Represents a Countersignature. */
    class Countersignature {

        /**
         * Constructs a new Countersignature.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.Countersignature.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Countersignature leaseId. */
        leaseId: Uint8Array;

        /** Countersignature seq. */
        seq: number;

        /** Countersignature receiptId. */
        receiptId: Uint8Array;

        /** Countersignature verdict. */
        verdict: weft.Verdict;

        /** Countersignature objection. */
        objection?: (weft.Objection.$Properties|null);

        /** Countersignature permitMs. */
        permitMs: number;

        /**
         * Creates a new Countersignature instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Countersignature instance
         */
        static create(properties: weft.Countersignature.$Shape): weft.Countersignature & weft.Countersignature.$Shape;
        static create(properties?: weft.Countersignature.$Properties): weft.Countersignature;

        /**
         * Encodes the specified Countersignature message. Does not implicitly {@link weft.Countersignature.verify|verify} messages.
         * @param message Countersignature message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.Countersignature.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Countersignature message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.Countersignature & weft.Countersignature.$Shape} Countersignature
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.Countersignature & weft.Countersignature.$Shape;
    }

    namespace Countersignature {

        /** Properties of a Countersignature. */
        interface $Properties {

            /** Countersignature leaseId */
            leaseId?: (Uint8Array|null);

            /** Countersignature seq */
            seq?: (number|null);

            /** Countersignature receiptId */
            receiptId?: (Uint8Array|null);

            /** Countersignature verdict */
            verdict?: (weft.Verdict|null);

            /** Countersignature objection */
            objection?: (weft.Objection.$Properties|null);

            /** Countersignature permitMs */
            permitMs?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Countersignature. */
        type $Shape = weft.Countersignature.$Properties;
    }

    /**
     * Properties of a LeaseState.
     * @deprecated Use weft.LeaseState.$Properties instead.
     */
    interface ILeaseState extends weft.LeaseState.$Properties {
    }

    /** Represents a LeaseState. */
    class LeaseState {

        /**
         * Constructs a new LeaseState.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.LeaseState.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** LeaseState leaseId. */
        leaseId: Uint8Array;

        /** LeaseState receipt. */
        receipt: Uint8Array;

        /** LeaseState answer. */
        answer: Uint8Array;

        /**
         * Creates a new LeaseState instance using the specified properties.
         * @param [properties] Properties to set
         * @returns LeaseState instance
         */
        static create(properties: weft.LeaseState.$Shape): weft.LeaseState & weft.LeaseState.$Shape;
        static create(properties?: weft.LeaseState.$Properties): weft.LeaseState;

        /**
         * Encodes the specified LeaseState message. Does not implicitly {@link weft.LeaseState.verify|verify} messages.
         * @param message LeaseState message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.LeaseState.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a LeaseState message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.LeaseState & weft.LeaseState.$Shape} LeaseState
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.LeaseState & weft.LeaseState.$Shape;
    }

    namespace LeaseState {

        /** Properties of a LeaseState. */
        interface $Properties {

            /** LeaseState leaseId */
            leaseId?: (Uint8Array|null);

            /** LeaseState receipt */
            receipt?: (Uint8Array|null);

            /** LeaseState answer */
            answer?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a LeaseState. */
        type $Shape = weft.LeaseState.$Properties;
    }

    /**
     * Properties of an Equivocation.
     * @deprecated Use weft.Equivocation.$Properties instead.
     */
    interface IEquivocation extends weft.Equivocation.$Properties {
    }

    /** Represents an Equivocation. */
    class Equivocation {

        /**
         * Constructs a new Equivocation.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.Equivocation.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Equivocation award. */
        award: Uint8Array;

        /** Equivocation first. */
        first: Uint8Array;

        /** Equivocation second. */
        second: Uint8Array;

        /**
         * Creates a new Equivocation instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Equivocation instance
         */
        static create(properties: weft.Equivocation.$Shape): weft.Equivocation & weft.Equivocation.$Shape;
        static create(properties?: weft.Equivocation.$Properties): weft.Equivocation;

        /**
         * Encodes the specified Equivocation message. Does not implicitly {@link weft.Equivocation.verify|verify} messages.
         * @param message Equivocation message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.Equivocation.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an Equivocation message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.Equivocation & weft.Equivocation.$Shape} Equivocation
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.Equivocation & weft.Equivocation.$Shape;
    }

    namespace Equivocation {

        /** Properties of an Equivocation. */
        interface $Properties {

            /** Equivocation award */
            award?: (Uint8Array|null);

            /** Equivocation first */
            first?: (Uint8Array|null);

            /** Equivocation second */
            second?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an Equivocation. */
        type $Shape = weft.Equivocation.$Properties;
    }

    /** FrameKind enum. */
    enum FrameKind {

        /** FRAME_NONE value */
        FRAME_NONE = 0,

        /** FRAME_OPEN value */
        FRAME_OPEN = 1,

        /** FRAME_DATA value */
        FRAME_DATA = 2,

        /** FRAME_CREDIT value */
        FRAME_CREDIT = 3,

        /** FRAME_END value */
        FRAME_END = 4,

        /** FRAME_RESET value */
        FRAME_RESET = 5
    }

    /**
     * Properties of a Frame.
     * @deprecated Use weft.Frame.$Properties instead.
     */
    interface IFrame extends weft.Frame.$Properties {
    }

    /** Represents a Frame. */
    class Frame {

        /**
         * Constructs a new Frame.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.Frame.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Frame channel. */
        channel: number;

        /** Frame kind. */
        kind: weft.FrameKind;

        /** Frame payload. */
        payload: Uint8Array;

        /** Frame credit. */
        credit: number;

        /**
         * Creates a new Frame instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Frame instance
         */
        static create(properties: weft.Frame.$Shape): weft.Frame & weft.Frame.$Shape;
        static create(properties?: weft.Frame.$Properties): weft.Frame;

        /**
         * Encodes the specified Frame message. Does not implicitly {@link weft.Frame.verify|verify} messages.
         * @param message Frame message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.Frame.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Frame message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.Frame & weft.Frame.$Shape} Frame
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.Frame & weft.Frame.$Shape;
    }

    namespace Frame {

        /** Properties of a Frame. */
        interface $Properties {

            /** Frame channel */
            channel?: (number|null);

            /** Frame kind */
            kind?: (weft.FrameKind|null);

            /** Frame payload */
            payload?: (Uint8Array|null);

            /** Frame credit */
            credit?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Frame. */
        type $Shape = weft.Frame.$Properties;
    }

    /**
     * Properties of a BlockRequest.
     * @deprecated Use weft.BlockRequest.$Properties instead.
     */
    interface IBlockRequest extends weft.BlockRequest.$Properties {
    }

    /** Represents a BlockRequest. */
    class BlockRequest {

        /**
         * Constructs a new BlockRequest.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.BlockRequest.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** BlockRequest id. */
        id: number;

        /** BlockRequest cids. */
        cids: Uint8Array[];

        /**
         * Creates a new BlockRequest instance using the specified properties.
         * @param [properties] Properties to set
         * @returns BlockRequest instance
         */
        static create(properties: weft.BlockRequest.$Shape): weft.BlockRequest & weft.BlockRequest.$Shape;
        static create(properties?: weft.BlockRequest.$Properties): weft.BlockRequest;

        /**
         * Encodes the specified BlockRequest message. Does not implicitly {@link weft.BlockRequest.verify|verify} messages.
         * @param message BlockRequest message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.BlockRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a BlockRequest message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.BlockRequest & weft.BlockRequest.$Shape} BlockRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.BlockRequest & weft.BlockRequest.$Shape;
    }

    namespace BlockRequest {

        /** Properties of a BlockRequest. */
        interface $Properties {

            /** BlockRequest id */
            id?: (number|null);

            /** BlockRequest cids */
            cids?: (Uint8Array[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a BlockRequest. */
        type $Shape = weft.BlockRequest.$Properties;
    }

    /**
     * Properties of a BlockResponse.
     * @deprecated Use weft.BlockResponse.$Properties instead.
     */
    interface IBlockResponse extends weft.BlockResponse.$Properties {
    }

    /** Represents a BlockResponse. */
    class BlockResponse {

        /**
         * Constructs a new BlockResponse.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.BlockResponse.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** BlockResponse id. */
        id: number;

        /** BlockResponse cid. */
        cid: Uint8Array;

        /** BlockResponse data. */
        data: Uint8Array;

        /** BlockResponse missing. */
        missing: boolean;

        /**
         * Creates a new BlockResponse instance using the specified properties.
         * @param [properties] Properties to set
         * @returns BlockResponse instance
         */
        static create(properties: weft.BlockResponse.$Shape): weft.BlockResponse & weft.BlockResponse.$Shape;
        static create(properties?: weft.BlockResponse.$Properties): weft.BlockResponse;

        /**
         * Encodes the specified BlockResponse message. Does not implicitly {@link weft.BlockResponse.verify|verify} messages.
         * @param message BlockResponse message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.BlockResponse.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a BlockResponse message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.BlockResponse & weft.BlockResponse.$Shape} BlockResponse
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.BlockResponse & weft.BlockResponse.$Shape;
    }

    namespace BlockResponse {

        /** Properties of a BlockResponse. */
        interface $Properties {

            /** BlockResponse id */
            id?: (number|null);

            /** BlockResponse cid */
            cid?: (Uint8Array|null);

            /** BlockResponse data */
            data?: (Uint8Array|null);

            /** BlockResponse missing */
            missing?: (boolean|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a BlockResponse. */
        type $Shape = weft.BlockResponse.$Properties;
    }

    /**
     * Properties of an OutputRequest.
     * @deprecated Use weft.OutputRequest.$Properties instead.
     */
    interface IOutputRequest extends weft.OutputRequest.$Properties {
    }

    /** Represents an OutputRequest. */
    class OutputRequest {

        /**
         * Constructs a new OutputRequest.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.OutputRequest.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** OutputRequest leaseId. */
        leaseId: Uint8Array;

        /** OutputRequest offset. */
        offset: Long;

        /**
         * Creates a new OutputRequest instance using the specified properties.
         * @param [properties] Properties to set
         * @returns OutputRequest instance
         */
        static create(properties: weft.OutputRequest.$Shape): weft.OutputRequest & weft.OutputRequest.$Shape;
        static create(properties?: weft.OutputRequest.$Properties): weft.OutputRequest;

        /**
         * Encodes the specified OutputRequest message. Does not implicitly {@link weft.OutputRequest.verify|verify} messages.
         * @param message OutputRequest message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.OutputRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an OutputRequest message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.OutputRequest & weft.OutputRequest.$Shape} OutputRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.OutputRequest & weft.OutputRequest.$Shape;
    }

    namespace OutputRequest {

        /** Properties of an OutputRequest. */
        interface $Properties {

            /** OutputRequest leaseId */
            leaseId?: (Uint8Array|null);

            /** OutputRequest offset */
            offset?: (Long|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an OutputRequest. */
        type $Shape = weft.OutputRequest.$Properties;
    }

    /**
     * Properties of an ImageRequest.
     * @deprecated Use weft.ImageRequest.$Properties instead.
     */
    interface IImageRequest extends weft.ImageRequest.$Properties {
    }

    /** Represents an ImageRequest. */
    class ImageRequest {

        /**
         * Constructs a new ImageRequest.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.ImageRequest.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** ImageRequest leaseId. */
        leaseId: Uint8Array;

        /**
         * Creates a new ImageRequest instance using the specified properties.
         * @param [properties] Properties to set
         * @returns ImageRequest instance
         */
        static create(properties: weft.ImageRequest.$Shape): weft.ImageRequest & weft.ImageRequest.$Shape;
        static create(properties?: weft.ImageRequest.$Properties): weft.ImageRequest;

        /**
         * Encodes the specified ImageRequest message. Does not implicitly {@link weft.ImageRequest.verify|verify} messages.
         * @param message ImageRequest message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.ImageRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an ImageRequest message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.ImageRequest & weft.ImageRequest.$Shape} ImageRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.ImageRequest & weft.ImageRequest.$Shape;
    }

    namespace ImageRequest {

        /** Properties of an ImageRequest. */
        interface $Properties {

            /** ImageRequest leaseId */
            leaseId?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an ImageRequest. */
        type $Shape = weft.ImageRequest.$Properties;
    }

    /** ImagePhase enum. */
    enum ImagePhase {

        /** IMAGE_NONE value */
        IMAGE_NONE = 0,

        /** IMAGE_SAVING value */
        IMAGE_SAVING = 1,

        /** IMAGE_READY value */
        IMAGE_READY = 2,

        /** IMAGE_UNAVAILABLE value */
        IMAGE_UNAVAILABLE = 3
    }

    /**
     * Properties of an ImageAnswer.
     * @deprecated Use weft.ImageAnswer.$Properties instead.
     */
    interface IImageAnswer extends weft.ImageAnswer.$Properties {
    }

    /** Represents an ImageAnswer. */
    class ImageAnswer {

        /**
         * Constructs a new ImageAnswer.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.ImageAnswer.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** ImageAnswer phase. */
        phase: weft.ImagePhase;

        /** ImageAnswer cid. */
        cid: Uint8Array;

        /** ImageAnswer bytes. */
        bytes: Long;

        /**
         * Creates a new ImageAnswer instance using the specified properties.
         * @param [properties] Properties to set
         * @returns ImageAnswer instance
         */
        static create(properties: weft.ImageAnswer.$Shape): weft.ImageAnswer & weft.ImageAnswer.$Shape;
        static create(properties?: weft.ImageAnswer.$Properties): weft.ImageAnswer;

        /**
         * Encodes the specified ImageAnswer message. Does not implicitly {@link weft.ImageAnswer.verify|verify} messages.
         * @param message ImageAnswer message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.ImageAnswer.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an ImageAnswer message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.ImageAnswer & weft.ImageAnswer.$Shape} ImageAnswer
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.ImageAnswer & weft.ImageAnswer.$Shape;
    }

    namespace ImageAnswer {

        /** Properties of an ImageAnswer. */
        interface $Properties {

            /** ImageAnswer phase */
            phase?: (weft.ImagePhase|null);

            /** ImageAnswer cid */
            cid?: (Uint8Array|null);

            /** ImageAnswer bytes */
            bytes?: (Long|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an ImageAnswer. */
        type $Shape = weft.ImageAnswer.$Properties;
    }

    /**
     * Properties of an Envelope.
     * @deprecated Use weft.Envelope.$Properties instead.
     */
    interface IEnvelope extends weft.Envelope.$Properties {
    }

    /** Represents an Envelope. */
    class Envelope {

        /**
         * Constructs a new Envelope.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.Envelope.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Envelope publicKey. */
        publicKey: Uint8Array;

        /** Envelope payloadType. */
        payloadType: Uint8Array;

        /** Envelope payload. */
        payload: Uint8Array;

        /** Envelope signature. */
        signature: Uint8Array;

        /**
         * Creates a new Envelope instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Envelope instance
         */
        static create(properties: weft.Envelope.$Shape): weft.Envelope & weft.Envelope.$Shape;
        static create(properties?: weft.Envelope.$Properties): weft.Envelope;

        /**
         * Encodes the specified Envelope message. Does not implicitly {@link weft.Envelope.verify|verify} messages.
         * @param message Envelope message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.Envelope.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an Envelope message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.Envelope & weft.Envelope.$Shape} Envelope
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.Envelope & weft.Envelope.$Shape;
    }

    namespace Envelope {

        /** Properties of an Envelope. */
        interface $Properties {

            /** Envelope publicKey */
            publicKey?: (Uint8Array|null);

            /** Envelope payloadType */
            payloadType?: (Uint8Array|null);

            /** Envelope payload */
            payload?: (Uint8Array|null);

            /** Envelope signature */
            signature?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an Envelope. */
        type $Shape = weft.Envelope.$Properties;
    }

    /**
     * Properties of an Award.
     * @deprecated Use weft.Award.$Properties instead.
     */
    interface IAward extends weft.Award.$Properties {
    }

    /** Represents an Award. */
    class Award {

        /**
         * Constructs a new Award.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.Award.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Award orderId. */
        orderId: Uint8Array;

        /** Award bidId. */
        bidId: Uint8Array;

        /** Award provider. */
        provider: string;

        /** Award resources. */
        resources?: (weft.Resources.$Properties|null);

        /** Award prices. */
        prices?: (weft.Prices.$Properties|null);

        /** Award terms. */
        terms?: (weft.Terms.$Properties|null);

        /** Award maxTotal. */
        maxTotal: Long;

        /** Award maxRunMs. */
        maxRunMs: Long;

        /** Award deliverByMs. */
        deliverByMs: number;

        /** Award outputBytesMax. */
        outputBytesMax: Long;

        /** Award nonce. */
        nonce: Uint8Array;

        /**
         * Creates a new Award instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Award instance
         */
        static create(properties: weft.Award.$Shape): weft.Award & weft.Award.$Shape;
        static create(properties?: weft.Award.$Properties): weft.Award;

        /**
         * Encodes the specified Award message. Does not implicitly {@link weft.Award.verify|verify} messages.
         * @param message Award message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.Award.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an Award message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.Award & weft.Award.$Shape} Award
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.Award & weft.Award.$Shape;
    }

    namespace Award {

        /** Properties of an Award. */
        interface $Properties {

            /** Award orderId */
            orderId?: (Uint8Array|null);

            /** Award bidId */
            bidId?: (Uint8Array|null);

            /** Award provider */
            provider?: (string|null);

            /** Award resources */
            resources?: (weft.Resources.$Properties|null);

            /** Award prices */
            prices?: (weft.Prices.$Properties|null);

            /** Award terms */
            terms?: (weft.Terms.$Properties|null);

            /** Award maxTotal */
            maxTotal?: (Long|null);

            /** Award maxRunMs */
            maxRunMs?: (Long|null);

            /** Award deliverByMs */
            deliverByMs?: (number|null);

            /** Award outputBytesMax */
            outputBytesMax?: (Long|null);

            /** Award nonce */
            nonce?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an Award. */
        type $Shape = weft.Award.$Properties;
    }

    /**
     * Properties of an Acceptance.
     * @deprecated Use weft.Acceptance.$Properties instead.
     */
    interface IAcceptance extends weft.Acceptance.$Properties {
    }

    /** Represents an Acceptance. */
    class Acceptance {

        /**
         * Constructs a new Acceptance.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.Acceptance.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Acceptance leaseId. */
        leaseId: Uint8Array;

        /**
         * Creates a new Acceptance instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Acceptance instance
         */
        static create(properties: weft.Acceptance.$Shape): weft.Acceptance & weft.Acceptance.$Shape;
        static create(properties?: weft.Acceptance.$Properties): weft.Acceptance;

        /**
         * Encodes the specified Acceptance message. Does not implicitly {@link weft.Acceptance.verify|verify} messages.
         * @param message Acceptance message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.Acceptance.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an Acceptance message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.Acceptance & weft.Acceptance.$Shape} Acceptance
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.Acceptance & weft.Acceptance.$Shape;
    }

    namespace Acceptance {

        /** Properties of an Acceptance. */
        interface $Properties {

            /** Acceptance leaseId */
            leaseId?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an Acceptance. */
        type $Shape = weft.Acceptance.$Properties;
    }

    /**
     * Properties of an AwardRefusal.
     * @deprecated Use weft.AwardRefusal.$Properties instead.
     */
    interface IAwardRefusal extends weft.AwardRefusal.$Properties {
    }

    /** Represents an AwardRefusal. */
    class AwardRefusal {

        /**
         * Constructs a new AwardRefusal.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.AwardRefusal.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** AwardRefusal leaseId. */
        leaseId: Uint8Array;

        /** AwardRefusal reason. */
        reason: weft.Reason;

        /**
         * Creates a new AwardRefusal instance using the specified properties.
         * @param [properties] Properties to set
         * @returns AwardRefusal instance
         */
        static create(properties: weft.AwardRefusal.$Shape): weft.AwardRefusal & weft.AwardRefusal.$Shape;
        static create(properties?: weft.AwardRefusal.$Properties): weft.AwardRefusal;

        /**
         * Encodes the specified AwardRefusal message. Does not implicitly {@link weft.AwardRefusal.verify|verify} messages.
         * @param message AwardRefusal message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.AwardRefusal.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an AwardRefusal message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.AwardRefusal & weft.AwardRefusal.$Shape} AwardRefusal
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.AwardRefusal & weft.AwardRefusal.$Shape;
    }

    namespace AwardRefusal {

        /** Properties of an AwardRefusal. */
        interface $Properties {

            /** AwardRefusal leaseId */
            leaseId?: (Uint8Array|null);

            /** AwardRefusal reason */
            reason?: (weft.Reason|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an AwardRefusal. */
        type $Shape = weft.AwardRefusal.$Properties;
    }

    /**
     * Properties of an EnvVar.
     * @deprecated Use weft.EnvVar.$Properties instead.
     */
    interface IEnvVar extends weft.EnvVar.$Properties {
    }

    /** Represents an EnvVar. */
    class EnvVar {

        /**
         * Constructs a new EnvVar.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.EnvVar.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** EnvVar name. */
        name: string;

        /** EnvVar value. */
        value: string;

        /**
         * Creates a new EnvVar instance using the specified properties.
         * @param [properties] Properties to set
         * @returns EnvVar instance
         */
        static create(properties: weft.EnvVar.$Shape): weft.EnvVar & weft.EnvVar.$Shape;
        static create(properties?: weft.EnvVar.$Properties): weft.EnvVar;

        /**
         * Encodes the specified EnvVar message. Does not implicitly {@link weft.EnvVar.verify|verify} messages.
         * @param message EnvVar message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.EnvVar.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an EnvVar message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.EnvVar & weft.EnvVar.$Shape} EnvVar
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.EnvVar & weft.EnvVar.$Shape;
    }

    namespace EnvVar {

        /** Properties of an EnvVar. */
        interface $Properties {

            /** EnvVar name */
            name?: (string|null);

            /** EnvVar value */
            value?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an EnvVar. */
        type $Shape = weft.EnvVar.$Properties;
    }

    /**
     * Properties of a Mount.
     * @deprecated Use weft.Mount.$Properties instead.
     */
    interface IMount extends weft.Mount.$Properties {
    }

    /** Represents a Mount. */
    class Mount {

        /**
         * Constructs a new Mount.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.Mount.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Mount path. */
        path: string;

        /** Mount cid. */
        cid: Uint8Array;

        /** Mount readOnly. */
        readOnly: boolean;

        /** Mount bytes. */
        bytes: Long;

        /**
         * Creates a new Mount instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Mount instance
         */
        static create(properties: weft.Mount.$Shape): weft.Mount & weft.Mount.$Shape;
        static create(properties?: weft.Mount.$Properties): weft.Mount;

        /**
         * Encodes the specified Mount message. Does not implicitly {@link weft.Mount.verify|verify} messages.
         * @param message Mount message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.Mount.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Mount message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.Mount & weft.Mount.$Shape} Mount
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.Mount & weft.Mount.$Shape;
    }

    namespace Mount {

        /** Properties of a Mount. */
        interface $Properties {

            /** Mount path */
            path?: (string|null);

            /** Mount cid */
            cid?: (Uint8Array|null);

            /** Mount readOnly */
            readOnly?: (boolean|null);

            /** Mount bytes */
            bytes?: (Long|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Mount. */
        type $Shape = weft.Mount.$Properties;
    }

    /**
     * Properties of a Spec.
     * @deprecated Use weft.Spec.$Properties instead.
     */
    interface ISpec extends weft.Spec.$Properties {
    }

    /** Represents a Spec. */
    class Spec {

        /**
         * Constructs a new Spec.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.Spec.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Spec imageId. */
        imageId: string;

        /** Spec imageReference. */
        imageReference: string;

        /** Spec imagePull. */
        imagePull: string;

        /** Spec imageFromRenter. */
        imageFromRenter: boolean;

        /** Spec imageBytes. */
        imageBytes: Long;

        /** Spec command. */
        command: string[];

        /** Spec env. */
        env: weft.EnvVar.$Properties[];

        /** Spec workdir. */
        workdir: string;

        /** Spec inputs. */
        inputs: weft.Mount.$Properties[];

        /** Spec outputs. */
        outputs: weft.Mount.$Properties[];

        /**
         * Creates a new Spec instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Spec instance
         */
        static create(properties: weft.Spec.$Shape): weft.Spec & weft.Spec.$Shape;
        static create(properties?: weft.Spec.$Properties): weft.Spec;

        /**
         * Encodes the specified Spec message. Does not implicitly {@link weft.Spec.verify|verify} messages.
         * @param message Spec message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.Spec.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Spec message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.Spec & weft.Spec.$Shape} Spec
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.Spec & weft.Spec.$Shape;
    }

    namespace Spec {

        /** Properties of a Spec. */
        interface $Properties {

            /** Spec imageId */
            imageId?: (string|null);

            /** Spec imageReference */
            imageReference?: (string|null);

            /** Spec imagePull */
            imagePull?: (string|null);

            /** Spec imageFromRenter */
            imageFromRenter?: (boolean|null);

            /** Spec imageBytes */
            imageBytes?: (Long|null);

            /** Spec command */
            command?: (string[]|null);

            /** Spec env */
            env?: (weft.EnvVar.$Properties[]|null);

            /** Spec workdir */
            workdir?: (string|null);

            /** Spec inputs */
            inputs?: (weft.Mount.$Properties[]|null);

            /** Spec outputs */
            outputs?: (weft.Mount.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Spec. */
        type $Shape = weft.Spec.$Properties;
    }

    /**
     * Properties of a Manifest.
     * @deprecated Use weft.Manifest.$Properties instead.
     */
    interface IManifest extends weft.Manifest.$Properties {
    }

    /** Represents a Manifest. */
    class Manifest {

        /**
         * Constructs a new Manifest.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.Manifest.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Manifest leaseId. */
        leaseId: Uint8Array;

        /** Manifest salt. */
        salt: Uint8Array;

        /** Manifest spec. */
        spec: Uint8Array;

        /** Manifest permitMs. */
        permitMs: number;

        /**
         * Creates a new Manifest instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Manifest instance
         */
        static create(properties: weft.Manifest.$Shape): weft.Manifest & weft.Manifest.$Shape;
        static create(properties?: weft.Manifest.$Properties): weft.Manifest;

        /**
         * Encodes the specified Manifest message. Does not implicitly {@link weft.Manifest.verify|verify} messages.
         * @param message Manifest message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.Manifest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Manifest message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.Manifest & weft.Manifest.$Shape} Manifest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.Manifest & weft.Manifest.$Shape;
    }

    namespace Manifest {

        /** Properties of a Manifest. */
        interface $Properties {

            /** Manifest leaseId */
            leaseId?: (Uint8Array|null);

            /** Manifest salt */
            salt?: (Uint8Array|null);

            /** Manifest spec */
            spec?: (Uint8Array|null);

            /** Manifest permitMs */
            permitMs?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Manifest. */
        type $Shape = weft.Manifest.$Properties;
    }

    /** Phase enum. */
    enum Phase {

        /** PHASE_NONE value */
        PHASE_NONE = 0,

        /** PHASE_DELIVERING value */
        PHASE_DELIVERING = 1,

        /** PHASE_STARTING value */
        PHASE_STARTING = 2,

        /** PHASE_RUNNING value */
        PHASE_RUNNING = 3,

        /** PHASE_PAUSED value */
        PHASE_PAUSED = 4,

        /** PHASE_STOPPING value */
        PHASE_STOPPING = 5,

        /** PHASE_COLLECTING value */
        PHASE_COLLECTING = 6
    }

    /**
     * Properties of a Progress.
     * @deprecated Use weft.Progress.$Properties instead.
     */
    interface IProgress extends weft.Progress.$Properties {
    }

    /** Represents a Progress. */
    class Progress {

        /**
         * Constructs a new Progress.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.Progress.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Progress leaseId. */
        leaseId: Uint8Array;

        /** Progress phase. */
        phase: weft.Phase;

        /** Progress done. */
        done: Long;

        /** Progress total. */
        total: Long;

        /** Progress text. */
        text: string;

        /**
         * Creates a new Progress instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Progress instance
         */
        static create(properties: weft.Progress.$Shape): weft.Progress & weft.Progress.$Shape;
        static create(properties?: weft.Progress.$Properties): weft.Progress;

        /**
         * Encodes the specified Progress message. Does not implicitly {@link weft.Progress.verify|verify} messages.
         * @param message Progress message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.Progress.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Progress message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.Progress & weft.Progress.$Shape} Progress
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.Progress & weft.Progress.$Shape;
    }

    namespace Progress {

        /** Properties of a Progress. */
        interface $Properties {

            /** Progress leaseId */
            leaseId?: (Uint8Array|null);

            /** Progress phase */
            phase?: (weft.Phase|null);

            /** Progress done */
            done?: (Long|null);

            /** Progress total */
            total?: (Long|null);

            /** Progress text */
            text?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Progress. */
        type $Shape = weft.Progress.$Properties;
    }

    /**
     * Properties of a Stop.
     * @deprecated Use weft.Stop.$Properties instead.
     */
    interface IStop extends weft.Stop.$Properties {
    }

    /** Represents a Stop. */
    class Stop {

        /**
         * Constructs a new Stop.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.Stop.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Stop leaseId. */
        leaseId: Uint8Array;

        /**
         * Creates a new Stop instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Stop instance
         */
        static create(properties: weft.Stop.$Shape): weft.Stop & weft.Stop.$Shape;
        static create(properties?: weft.Stop.$Properties): weft.Stop;

        /**
         * Encodes the specified Stop message. Does not implicitly {@link weft.Stop.verify|verify} messages.
         * @param message Stop message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.Stop.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Stop message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.Stop & weft.Stop.$Shape} Stop
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.Stop & weft.Stop.$Shape;
    }

    namespace Stop {

        /** Properties of a Stop. */
        interface $Properties {

            /** Stop leaseId */
            leaseId?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Stop. */
        type $Shape = weft.Stop.$Properties;
    }

    /**
     * Properties of a Collected.
     * @deprecated Use weft.Collected.$Properties instead.
     */
    interface ICollected extends weft.Collected.$Properties {
    }

    /** Represents a Collected. */
    class Collected {

        /**
         * Constructs a new Collected.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.Collected.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Collected leaseId. */
        leaseId: Uint8Array;

        /**
         * Creates a new Collected instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Collected instance
         */
        static create(properties: weft.Collected.$Shape): weft.Collected & weft.Collected.$Shape;
        static create(properties?: weft.Collected.$Properties): weft.Collected;

        /**
         * Encodes the specified Collected message. Does not implicitly {@link weft.Collected.verify|verify} messages.
         * @param message Collected message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.Collected.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Collected message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.Collected & weft.Collected.$Shape} Collected
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.Collected & weft.Collected.$Shape;
    }

    namespace Collected {

        /** Properties of a Collected. */
        interface $Properties {

            /** Collected leaseId */
            leaseId?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Collected. */
        type $Shape = weft.Collected.$Properties;
    }

    /**
     * Properties of a Resources.
     * @deprecated Use weft.Resources.$Properties instead.
     */
    interface IResources extends weft.Resources.$Properties {
    }

    /** Represents a Resources. */
    class Resources {

        /**
         * Constructs a new Resources.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.Resources.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Resources gpuCount. */
        gpuCount: number;

        /** Resources gpuVramMib. */
        gpuVramMib: number;

        /** Resources gpuVendor. */
        gpuVendor: string;

        /** Resources gpuModels. */
        gpuModels: string[];

        /** Resources cpuMilli. */
        cpuMilli: number;

        /** Resources memoryMib. */
        memoryMib: number;

        /** Resources diskMib. */
        diskMib: number;

        /** Resources gpuComputeCapability. */
        gpuComputeCapability: string;

        /**
         * Creates a new Resources instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Resources instance
         */
        static create(properties: weft.Resources.$Shape): weft.Resources & weft.Resources.$Shape;
        static create(properties?: weft.Resources.$Properties): weft.Resources;

        /**
         * Encodes the specified Resources message. Does not implicitly {@link weft.Resources.verify|verify} messages.
         * @param message Resources message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.Resources.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Resources message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.Resources & weft.Resources.$Shape} Resources
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.Resources & weft.Resources.$Shape;
    }

    namespace Resources {

        /** Properties of a Resources. */
        interface $Properties {

            /** Resources gpuCount */
            gpuCount?: (number|null);

            /** Resources gpuVramMib */
            gpuVramMib?: (number|null);

            /** Resources gpuVendor */
            gpuVendor?: (string|null);

            /** Resources gpuModels */
            gpuModels?: (string[]|null);

            /** Resources cpuMilli */
            cpuMilli?: (number|null);

            /** Resources memoryMib */
            memoryMib?: (number|null);

            /** Resources diskMib */
            diskMib?: (number|null);

            /** Resources gpuComputeCapability */
            gpuComputeCapability?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Resources. */
        type $Shape = weft.Resources.$Properties;
    }

    /**
     * Properties of a Gpu.
     * @deprecated Use weft.Gpu.$Properties instead.
     */
    interface IGpu extends weft.Gpu.$Properties {
    }

    /** Represents a Gpu. */
    class Gpu {

        /**
         * Constructs a new Gpu.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.Gpu.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Gpu vendor. */
        vendor: string;

        /** Gpu model. */
        model: string;

        /** Gpu vramMib. */
        vramMib: number;

        /** Gpu count. */
        count: number;

        /** Gpu computeCapability. */
        computeCapability: string;

        /** Gpu uuidHashes. */
        uuidHashes: Uint8Array[];

        /** Gpu claimed. */
        claimed: boolean;

        /** Gpu gpuHour. */
        gpuHour?: (Long|null);

        /**
         * Creates a new Gpu instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Gpu instance
         */
        static create(properties: weft.Gpu.$Shape): weft.Gpu & weft.Gpu.$Shape;
        static create(properties?: weft.Gpu.$Properties): weft.Gpu;

        /**
         * Encodes the specified Gpu message. Does not implicitly {@link weft.Gpu.verify|verify} messages.
         * @param message Gpu message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.Gpu.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Gpu message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.Gpu & weft.Gpu.$Shape} Gpu
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.Gpu & weft.Gpu.$Shape;
    }

    namespace Gpu {

        /** Properties of a Gpu. */
        interface $Properties {

            /** Gpu vendor */
            vendor?: (string|null);

            /** Gpu model */
            model?: (string|null);

            /** Gpu vramMib */
            vramMib?: (number|null);

            /** Gpu count */
            count?: (number|null);

            /** Gpu computeCapability */
            computeCapability?: (string|null);

            /** Gpu uuidHashes */
            uuidHashes?: (Uint8Array[]|null);

            /** Gpu claimed */
            claimed?: (boolean|null);

            /** Gpu gpuHour */
            gpuHour?: (Long|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Gpu. */
        type $Shape = weft.Gpu.$Properties;
    }

    /**
     * Properties of a Prices.
     * @deprecated Use weft.Prices.$Properties instead.
     */
    interface IPrices extends weft.Prices.$Properties {
    }

    /** Represents a Prices. */
    class Prices {

        /**
         * Constructs a new Prices.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.Prices.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Prices currency. */
        currency: string;

        /** Prices start. */
        start: Long;

        /** Prices gpuHour. */
        gpuHour: Long;

        /** Prices cpuHour. */
        cpuHour: Long;

        /** Prices memoryGibHour. */
        memoryGibHour: Long;

        /** Prices diskGibHour. */
        diskGibHour: Long;

        /** Prices egressGib. */
        egressGib: Long;

        /**
         * Creates a new Prices instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Prices instance
         */
        static create(properties: weft.Prices.$Shape): weft.Prices & weft.Prices.$Shape;
        static create(properties?: weft.Prices.$Properties): weft.Prices;

        /**
         * Encodes the specified Prices message. Does not implicitly {@link weft.Prices.verify|verify} messages.
         * @param message Prices message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.Prices.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Prices message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.Prices & weft.Prices.$Shape} Prices
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.Prices & weft.Prices.$Shape;
    }

    namespace Prices {

        /** Properties of a Prices. */
        interface $Properties {

            /** Prices currency */
            currency?: (string|null);

            /** Prices start */
            start?: (Long|null);

            /** Prices gpuHour */
            gpuHour?: (Long|null);

            /** Prices cpuHour */
            cpuHour?: (Long|null);

            /** Prices memoryGibHour */
            memoryGibHour?: (Long|null);

            /** Prices diskGibHour */
            diskGibHour?: (Long|null);

            /** Prices egressGib */
            egressGib?: (Long|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Prices. */
        type $Shape = weft.Prices.$Properties;
    }

    /**
     * Properties of a Capacity.
     * @deprecated Use weft.Capacity.$Properties instead.
     */
    interface ICapacity extends weft.Capacity.$Properties {
    }

    /** Represents a Capacity. */
    class Capacity {

        /**
         * Constructs a new Capacity.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.Capacity.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Capacity seq. */
        seq: Long;

        /** Capacity issuedAt. */
        issuedAt: Long;

        /** Capacity expiresAt. */
        expiresAt: Long;

        /** Capacity class. */
        class: string;

        /** Capacity gpus. */
        gpus: weft.Gpu.$Properties[];

        /** Capacity cpuMilli. */
        cpuMilli: number;

        /** Capacity memoryMib. */
        memoryMib: number;

        /** Capacity diskMib. */
        diskMib: number;

        /** Capacity prices. */
        prices?: (weft.Prices.$Properties|null);

        /** Capacity region. */
        region: string;

        /** Capacity engineName. */
        engineName: string;

        /** Capacity engineVersion. */
        engineVersion: string;

        /** Capacity addresses. */
        addresses: string[];

        /** Capacity arch. */
        arch: string;

        /**
         * Creates a new Capacity instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Capacity instance
         */
        static create(properties: weft.Capacity.$Shape): weft.Capacity & weft.Capacity.$Shape;
        static create(properties?: weft.Capacity.$Properties): weft.Capacity;

        /**
         * Encodes the specified Capacity message. Does not implicitly {@link weft.Capacity.verify|verify} messages.
         * @param message Capacity message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.Capacity.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Capacity message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.Capacity & weft.Capacity.$Shape} Capacity
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.Capacity & weft.Capacity.$Shape;
    }

    namespace Capacity {

        /** Properties of a Capacity. */
        interface $Properties {

            /** Capacity seq */
            seq?: (Long|null);

            /** Capacity issuedAt */
            issuedAt?: (Long|null);

            /** Capacity expiresAt */
            expiresAt?: (Long|null);

            /** Capacity class */
            "class"?: (string|null);

            /** Capacity gpus */
            gpus?: (weft.Gpu.$Properties[]|null);

            /** Capacity cpuMilli */
            cpuMilli?: (number|null);

            /** Capacity memoryMib */
            memoryMib?: (number|null);

            /** Capacity diskMib */
            diskMib?: (number|null);

            /** Capacity prices */
            prices?: (weft.Prices.$Properties|null);

            /** Capacity region */
            region?: (string|null);

            /** Capacity engineName */
            engineName?: (string|null);

            /** Capacity engineVersion */
            engineVersion?: (string|null);

            /** Capacity addresses */
            addresses?: (string[]|null);

            /** Capacity arch */
            arch?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Capacity. */
        type $Shape = weft.Capacity.$Properties;
    }

    /**
     * Properties of a Terms.
     * @deprecated Use weft.Terms.$Properties instead.
     */
    interface ITerms extends weft.Terms.$Properties {
    }

    /** Represents a Terms. */
    class Terms {

        /**
         * Constructs a new Terms.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.Terms.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Terms intervalMs. */
        intervalMs: number;

        /** Terms creditMs. */
        creditMs: number;

        /** Terms stopAfterMs. */
        stopAfterMs: number;

        /** Terms stopGraceMs. */
        stopGraceMs: number;

        /** Terms prepayMs. */
        prepayMs: number;

        /**
         * Creates a new Terms instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Terms instance
         */
        static create(properties: weft.Terms.$Shape): weft.Terms & weft.Terms.$Shape;
        static create(properties?: weft.Terms.$Properties): weft.Terms;

        /**
         * Encodes the specified Terms message. Does not implicitly {@link weft.Terms.verify|verify} messages.
         * @param message Terms message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.Terms.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Terms message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.Terms & weft.Terms.$Shape} Terms
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.Terms & weft.Terms.$Shape;
    }

    namespace Terms {

        /** Properties of a Terms. */
        interface $Properties {

            /** Terms intervalMs */
            intervalMs?: (number|null);

            /** Terms creditMs */
            creditMs?: (number|null);

            /** Terms stopAfterMs */
            stopAfterMs?: (number|null);

            /** Terms stopGraceMs */
            stopGraceMs?: (number|null);

            /** Terms prepayMs */
            prepayMs?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Terms. */
        type $Shape = weft.Terms.$Properties;
    }

    /**
     * Properties of an Order.
     * @deprecated Use weft.Order.$Properties instead.
     */
    interface IOrder extends weft.Order.$Properties {
    }

    /** Represents an Order. */
    class Order {

        /**
         * Constructs a new Order.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.Order.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Order nonce. */
        nonce: Uint8Array;

        /** Order issuedAt. */
        issuedAt: Long;

        /** Order expiresAt. */
        expiresAt: Long;

        /** Order round. */
        round: number;

        /** Order audience. */
        audience: number;

        /** Order class. */
        class: string;

        /** Order resources. */
        resources?: (weft.Resources.$Properties|null);

        /** Order regions. */
        regions: string[];

        /** Order arch. */
        arch: string;

        /** Order maxRunMs. */
        maxRunMs: Long;

        /** Order imageBytes. */
        imageBytes: Long;

        /** Order inputBytes. */
        inputBytes: Long;

        /** Order outputBytesMax. */
        outputBytesMax: Long;

        /** Order addresses. */
        addresses: string[];

        /** Order manifestHash. */
        manifestHash: Uint8Array;

        /** Order imageHash. */
        imageHash: Uint8Array;

        /** Order terms. */
        terms?: (weft.Terms.$Properties|null);

        /** Order currency. */
        currency: string;

        /** Order priceCeiling. */
        priceCeiling?: (Long|null);

        /** Order bidWindowMs. */
        bidWindowMs: number;

        /**
         * Creates a new Order instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Order instance
         */
        static create(properties: weft.Order.$Shape): weft.Order & weft.Order.$Shape;
        static create(properties?: weft.Order.$Properties): weft.Order;

        /**
         * Encodes the specified Order message. Does not implicitly {@link weft.Order.verify|verify} messages.
         * @param message Order message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.Order.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an Order message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.Order & weft.Order.$Shape} Order
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.Order & weft.Order.$Shape;
    }

    namespace Order {

        /** Properties of an Order. */
        interface $Properties {

            /** Order nonce */
            nonce?: (Uint8Array|null);

            /** Order issuedAt */
            issuedAt?: (Long|null);

            /** Order expiresAt */
            expiresAt?: (Long|null);

            /** Order round */
            round?: (number|null);

            /** Order audience */
            audience?: (number|null);

            /** Order class */
            "class"?: (string|null);

            /** Order resources */
            resources?: (weft.Resources.$Properties|null);

            /** Order regions */
            regions?: (string[]|null);

            /** Order arch */
            arch?: (string|null);

            /** Order maxRunMs */
            maxRunMs?: (Long|null);

            /** Order imageBytes */
            imageBytes?: (Long|null);

            /** Order inputBytes */
            inputBytes?: (Long|null);

            /** Order outputBytesMax */
            outputBytesMax?: (Long|null);

            /** Order addresses */
            addresses?: (string[]|null);

            /** Order manifestHash */
            manifestHash?: (Uint8Array|null);

            /** Order imageHash */
            imageHash?: (Uint8Array|null);

            /** Order terms */
            terms?: (weft.Terms.$Properties|null);

            /** Order currency */
            currency?: (string|null);

            /** Order priceCeiling */
            priceCeiling?: (Long|null);

            /** Order bidWindowMs */
            bidWindowMs?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an Order. */
        type $Shape = weft.Order.$Properties;
    }

    /**
     * Properties of a Bid.
     * @deprecated Use weft.Bid.$Properties instead.
     */
    interface IBid extends weft.Bid.$Properties {
    }

    /** Represents a Bid. */
    class Bid {

        /**
         * Constructs a new Bid.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.Bid.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Bid orderId. */
        orderId: Uint8Array;

        /** Bid prices. */
        prices?: (weft.Prices.$Properties|null);

        /** Bid firm. */
        firm: boolean;

        /** Bid validMs. */
        validMs: number;

        /** Bid startInMs. */
        startInMs: number;

        /** Bid region. */
        region: string;

        /**
         * Creates a new Bid instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Bid instance
         */
        static create(properties: weft.Bid.$Shape): weft.Bid & weft.Bid.$Shape;
        static create(properties?: weft.Bid.$Properties): weft.Bid;

        /**
         * Encodes the specified Bid message. Does not implicitly {@link weft.Bid.verify|verify} messages.
         * @param message Bid message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.Bid.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Bid message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.Bid & weft.Bid.$Shape} Bid
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.Bid & weft.Bid.$Shape;
    }

    namespace Bid {

        /** Properties of a Bid. */
        interface $Properties {

            /** Bid orderId */
            orderId?: (Uint8Array|null);

            /** Bid prices */
            prices?: (weft.Prices.$Properties|null);

            /** Bid firm */
            firm?: (boolean|null);

            /** Bid validMs */
            validMs?: (number|null);

            /** Bid startInMs */
            startInMs?: (number|null);

            /** Bid region */
            region?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Bid. */
        type $Shape = weft.Bid.$Properties;
    }

    /** Reason enum. */
    enum Reason {

        /** REASON_NONE value */
        REASON_NONE = 0,

        /** REASON_BUSY value */
        REASON_BUSY = 1,

        /** REASON_GPU_COUNT value */
        REASON_GPU_COUNT = 2,

        /** REASON_GPU_VRAM value */
        REASON_GPU_VRAM = 3,

        /** REASON_GPU_MODEL value */
        REASON_GPU_MODEL = 4,

        /** REASON_CPU value */
        REASON_CPU = 5,

        /** REASON_MEMORY value */
        REASON_MEMORY = 6,

        /** REASON_DISK value */
        REASON_DISK = 7,

        /** REASON_REGION value */
        REASON_REGION = 8,

        /** REASON_ARCH value */
        REASON_ARCH = 9,

        /** REASON_PRICE value */
        REASON_PRICE = 10,

        /** REASON_CURRENCY value */
        REASON_CURRENCY = 11,

        /** REASON_TERMS value */
        REASON_TERMS = 12,

        /** REASON_NO_ENGINE value */
        REASON_NO_ENGINE = 13,

        /** REASON_DRAINING value */
        REASON_DRAINING = 14,

        /** REASON_EXPIRED value */
        REASON_EXPIRED = 15,

        /** REASON_UNKNOWN_BID value */
        REASON_UNKNOWN_BID = 16,

        /** REASON_BAD_MANIFEST value */
        REASON_BAD_MANIFEST = 17,

        /** REASON_CREDIT value */
        REASON_CREDIT = 18,

        /** REASON_OVERLOADED value */
        REASON_OVERLOADED = 19,

        /** REASON_EQUIVOCATION value */
        REASON_EQUIVOCATION = 20,

        /** REASON_CLOCK value */
        REASON_CLOCK = 21,

        /** REASON_GPU_CAPABILITY value */
        REASON_GPU_CAPABILITY = 22
    }

    /**
     * Properties of a Refusal.
     * @deprecated Use weft.Refusal.$Properties instead.
     */
    interface IRefusal extends weft.Refusal.$Properties {
    }

    /** Represents a Refusal. */
    class Refusal {

        /**
         * Constructs a new Refusal.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.Refusal.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Refusal orderId. */
        orderId: Uint8Array;

        /** Refusal reason. */
        reason: weft.Reason;

        /**
         * Creates a new Refusal instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Refusal instance
         */
        static create(properties: weft.Refusal.$Shape): weft.Refusal & weft.Refusal.$Shape;
        static create(properties?: weft.Refusal.$Properties): weft.Refusal;

        /**
         * Encodes the specified Refusal message. Does not implicitly {@link weft.Refusal.verify|verify} messages.
         * @param message Refusal message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.Refusal.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Refusal message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.Refusal & weft.Refusal.$Shape} Refusal
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.Refusal & weft.Refusal.$Shape;
    }

    namespace Refusal {

        /** Properties of a Refusal. */
        interface $Properties {

            /** Refusal orderId */
            orderId?: (Uint8Array|null);

            /** Refusal reason */
            reason?: (weft.Reason|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Refusal. */
        type $Shape = weft.Refusal.$Properties;
    }

    /**
     * Properties of a Release.
     * @deprecated Use weft.Release.$Properties instead.
     */
    interface IRelease extends weft.Release.$Properties {
    }

    /** Represents a Release. */
    class Release {

        /**
         * Constructs a new Release.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.Release.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Release orderId. */
        orderId: Uint8Array;

        /**
         * Creates a new Release instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Release instance
         */
        static create(properties: weft.Release.$Shape): weft.Release & weft.Release.$Shape;
        static create(properties?: weft.Release.$Properties): weft.Release;

        /**
         * Encodes the specified Release message. Does not implicitly {@link weft.Release.verify|verify} messages.
         * @param message Release message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.Release.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Release message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.Release & weft.Release.$Shape} Release
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.Release & weft.Release.$Shape;
    }

    namespace Release {

        /** Properties of a Release. */
        interface $Properties {

            /** Release orderId */
            orderId?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Release. */
        type $Shape = weft.Release.$Properties;
    }

    /**
     * Properties of an Ask.
     * @deprecated Use weft.Ask.$Properties instead.
     */
    interface IAsk extends weft.Ask.$Properties {
    }

    /** Represents an Ask. */
    class Ask {

        /**
         * Constructs a new Ask.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.Ask.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Ask nonce. */
        nonce: Uint8Array;

        /**
         * Creates a new Ask instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Ask instance
         */
        static create(properties: weft.Ask.$Shape): weft.Ask & weft.Ask.$Shape;
        static create(properties?: weft.Ask.$Properties): weft.Ask;

        /**
         * Encodes the specified Ask message. Does not implicitly {@link weft.Ask.verify|verify} messages.
         * @param message Ask message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.Ask.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an Ask message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.Ask & weft.Ask.$Shape} Ask
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.Ask & weft.Ask.$Shape;
    }

    namespace Ask {

        /** Properties of an Ask. */
        interface $Properties {

            /** Ask nonce */
            nonce?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an Ask. */
        type $Shape = weft.Ask.$Properties;
    }

    /**
     * Properties of a Hello.
     * @deprecated Use weft.Hello.$Properties instead.
     */
    interface IHello extends weft.Hello.$Properties {
    }

    /** Represents a Hello. */
    class Hello {

        /**
         * Constructs a new Hello.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.Hello.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Hello features. */
        features: string[];

        /** Hello agent. */
        agent: string;

        /** Hello provider. */
        provider: boolean;

        /** Hello sentAt. */
        sentAt: Long;

        /** Hello networkSize. */
        networkSize: number;

        /**
         * Creates a new Hello instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Hello instance
         */
        static create(properties: weft.Hello.$Shape): weft.Hello & weft.Hello.$Shape;
        static create(properties?: weft.Hello.$Properties): weft.Hello;

        /**
         * Encodes the specified Hello message. Does not implicitly {@link weft.Hello.verify|verify} messages.
         * @param message Hello message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.Hello.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Hello message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.Hello & weft.Hello.$Shape} Hello
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.Hello & weft.Hello.$Shape;
    }

    namespace Hello {

        /** Properties of a Hello. */
        interface $Properties {

            /** Hello features */
            features?: (string[]|null);

            /** Hello agent */
            agent?: (string|null);

            /** Hello provider */
            provider?: (boolean|null);

            /** Hello sentAt */
            sentAt?: (Long|null);

            /** Hello networkSize */
            networkSize?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Hello. */
        type $Shape = weft.Hello.$Properties;
    }

    /** Stage enum. */
    enum Stage {

        /** STAGE_READY value */
        STAGE_READY = 0,

        /** STAGE_FILL value */
        STAGE_FILL = 1,

        /** STAGE_WALK value */
        STAGE_WALK = 2,

        /** STAGE_FP32 value */
        STAGE_FP32 = 3,

        /** STAGE_FP16 value */
        STAGE_FP16 = 4,

        /** STAGE_BF16 value */
        STAGE_BF16 = 5
    }

    /** ChallengeFault enum. */
    enum ChallengeFault {

        /** CHALLENGE_FAULT_NONE value */
        CHALLENGE_FAULT_NONE = 0,

        /** CHALLENGE_FAULT_BUSY value */
        CHALLENGE_FAULT_BUSY = 1,

        /** CHALLENGE_FAULT_CLOSED value */
        CHALLENGE_FAULT_CLOSED = 2,

        /** CHALLENGE_FAULT_BUDGET value */
        CHALLENGE_FAULT_BUDGET = 3,

        /** CHALLENGE_FAULT_UNKNOWN_CARD value */
        CHALLENGE_FAULT_UNKNOWN_CARD = 4,

        /** CHALLENGE_FAULT_NO_METER value */
        CHALLENGE_FAULT_NO_METER = 5,

        /** CHALLENGE_FAULT_UNSUPPORTED value */
        CHALLENGE_FAULT_UNSUPPORTED = 6,

        /** CHALLENGE_FAULT_FAILED value */
        CHALLENGE_FAULT_FAILED = 7
    }

    /**
     * Properties of a ChallengedCard.
     * @deprecated Use weft.ChallengedCard.$Properties instead.
     */
    interface IChallengedCard extends weft.ChallengedCard.$Properties {
    }

    /** Represents a ChallengedCard. */
    class ChallengedCard {

        /**
         * Constructs a new ChallengedCard.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.ChallengedCard.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** ChallengedCard uuidHash. */
        uuidHash: Uint8Array;

        /** ChallengedCard fillMib. */
        fillMib: number;

        /**
         * Creates a new ChallengedCard instance using the specified properties.
         * @param [properties] Properties to set
         * @returns ChallengedCard instance
         */
        static create(properties: weft.ChallengedCard.$Shape): weft.ChallengedCard & weft.ChallengedCard.$Shape;
        static create(properties?: weft.ChallengedCard.$Properties): weft.ChallengedCard;

        /**
         * Encodes the specified ChallengedCard message. Does not implicitly {@link weft.ChallengedCard.verify|verify} messages.
         * @param message ChallengedCard message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.ChallengedCard.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a ChallengedCard message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.ChallengedCard & weft.ChallengedCard.$Shape} ChallengedCard
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.ChallengedCard & weft.ChallengedCard.$Shape;
    }

    namespace ChallengedCard {

        /** Properties of a ChallengedCard. */
        interface $Properties {

            /** ChallengedCard uuidHash */
            uuidHash?: (Uint8Array|null);

            /** ChallengedCard fillMib */
            fillMib?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a ChallengedCard. */
        type $Shape = weft.ChallengedCard.$Properties;
    }

    /**
     * Properties of a Challenge.
     * @deprecated Use weft.Challenge.$Properties instead.
     */
    interface IChallenge extends weft.Challenge.$Properties {
    }

    /** Represents a Challenge. */
    class Challenge {

        /**
         * Constructs a new Challenge.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.Challenge.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Challenge nonce. */
        nonce: Uint8Array;

        /** Challenge stage. */
        stage: weft.Stage;

        /** Challenge seed. */
        seed: Uint8Array;

        /** Challenge cards. */
        cards: weft.ChallengedCard.$Properties[];

        /** Challenge rounds. */
        rounds: number;

        /** Challenge rows. */
        rows: number;

        /**
         * Creates a new Challenge instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Challenge instance
         */
        static create(properties: weft.Challenge.$Shape): weft.Challenge & weft.Challenge.$Shape;
        static create(properties?: weft.Challenge.$Properties): weft.Challenge;

        /**
         * Encodes the specified Challenge message. Does not implicitly {@link weft.Challenge.verify|verify} messages.
         * @param message Challenge message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.Challenge.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Challenge message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.Challenge & weft.Challenge.$Shape} Challenge
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.Challenge & weft.Challenge.$Shape;
    }

    namespace Challenge {

        /** Properties of a Challenge. */
        interface $Properties {

            /** Challenge nonce */
            nonce?: (Uint8Array|null);

            /** Challenge stage */
            stage?: (weft.Stage|null);

            /** Challenge seed */
            seed?: (Uint8Array|null);

            /** Challenge cards */
            cards?: (weft.ChallengedCard.$Properties[]|null);

            /** Challenge rounds */
            rounds?: (number|null);

            /** Challenge rows */
            rows?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Challenge. */
        type $Shape = weft.Challenge.$Properties;
    }

    /**
     * Properties of a ChallengeAnswer.
     * @deprecated Use weft.ChallengeAnswer.$Properties instead.
     */
    interface IChallengeAnswer extends weft.ChallengeAnswer.$Properties {
    }

    /** Represents a ChallengeAnswer. */
    class ChallengeAnswer {

        /**
         * Constructs a new ChallengeAnswer.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.ChallengeAnswer.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** ChallengeAnswer nonce. */
        nonce: Uint8Array;

        /** ChallengeAnswer stage. */
        stage: weft.Stage;

        /** ChallengeAnswer uuidHash. */
        uuidHash: Uint8Array;

        /** ChallengeAnswer fault. */
        fault: weft.ChallengeFault;

        /** ChallengeAnswer report. */
        report: number[];

        /**
         * Creates a new ChallengeAnswer instance using the specified properties.
         * @param [properties] Properties to set
         * @returns ChallengeAnswer instance
         */
        static create(properties: weft.ChallengeAnswer.$Shape): weft.ChallengeAnswer & weft.ChallengeAnswer.$Shape;
        static create(properties?: weft.ChallengeAnswer.$Properties): weft.ChallengeAnswer;

        /**
         * Encodes the specified ChallengeAnswer message. Does not implicitly {@link weft.ChallengeAnswer.verify|verify} messages.
         * @param message ChallengeAnswer message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.ChallengeAnswer.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a ChallengeAnswer message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.ChallengeAnswer & weft.ChallengeAnswer.$Shape} ChallengeAnswer
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.ChallengeAnswer & weft.ChallengeAnswer.$Shape;
    }

    namespace ChallengeAnswer {

        /** Properties of a ChallengeAnswer. */
        interface $Properties {

            /** ChallengeAnswer nonce */
            nonce?: (Uint8Array|null);

            /** ChallengeAnswer stage */
            stage?: (weft.Stage|null);

            /** ChallengeAnswer uuidHash */
            uuidHash?: (Uint8Array|null);

            /** ChallengeAnswer fault */
            fault?: (weft.ChallengeFault|null);

            /** ChallengeAnswer report */
            report?: (number[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a ChallengeAnswer. */
        type $Shape = weft.ChallengeAnswer.$Properties;
    }

    /**
     * Properties of a MeasuredCard.
     * @deprecated Use weft.MeasuredCard.$Properties instead.
     */
    interface IMeasuredCard extends weft.MeasuredCard.$Properties {
    }

    /** Represents a MeasuredCard. */
    class MeasuredCard {

        /**
         * Constructs a new MeasuredCard.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.MeasuredCard.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** MeasuredCard uuidHash. */
        uuidHash: Uint8Array;

        /** MeasuredCard filledMib. */
        filledMib: number;

        /** MeasuredCard fillMs. */
        fillMs: number;

        /** MeasuredCard walkMs. */
        walkMs: number;

        /** MeasuredCard rows. */
        rows: number;

        /** MeasuredCard fp32Ms. */
        fp32Ms: number;

        /** MeasuredCard fp16Ms. */
        fp16Ms: number;

        /** MeasuredCard bf16Ms. */
        bf16Ms: number;

        /**
         * Creates a new MeasuredCard instance using the specified properties.
         * @param [properties] Properties to set
         * @returns MeasuredCard instance
         */
        static create(properties: weft.MeasuredCard.$Shape): weft.MeasuredCard & weft.MeasuredCard.$Shape;
        static create(properties?: weft.MeasuredCard.$Properties): weft.MeasuredCard;

        /**
         * Encodes the specified MeasuredCard message. Does not implicitly {@link weft.MeasuredCard.verify|verify} messages.
         * @param message MeasuredCard message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.MeasuredCard.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a MeasuredCard message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.MeasuredCard & weft.MeasuredCard.$Shape} MeasuredCard
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.MeasuredCard & weft.MeasuredCard.$Shape;
    }

    namespace MeasuredCard {

        /** Properties of a MeasuredCard. */
        interface $Properties {

            /** MeasuredCard uuidHash */
            uuidHash?: (Uint8Array|null);

            /** MeasuredCard filledMib */
            filledMib?: (number|null);

            /** MeasuredCard fillMs */
            fillMs?: (number|null);

            /** MeasuredCard walkMs */
            walkMs?: (number|null);

            /** MeasuredCard rows */
            rows?: (number|null);

            /** MeasuredCard fp32Ms */
            fp32Ms?: (number|null);

            /** MeasuredCard fp16Ms */
            fp16Ms?: (number|null);

            /** MeasuredCard bf16Ms */
            bf16Ms?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a MeasuredCard. */
        type $Shape = weft.MeasuredCard.$Properties;
    }

    /**
     * Properties of a Measurement.
     * @deprecated Use weft.Measurement.$Properties instead.
     */
    interface IMeasurement extends weft.Measurement.$Properties {
    }

    /** Represents a Measurement. */
    class Measurement {

        /**
         * Constructs a new Measurement.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.Measurement.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Measurement provider. */
        provider: string;

        /** Measurement nonce. */
        nonce: Uint8Array;

        /** Measurement cards. */
        cards: weft.MeasuredCard.$Properties[];

        /** Measurement together. */
        together: number;

        /** Measurement issuedAt. */
        issuedAt: Long;

        /** Measurement expiresAt. */
        expiresAt: Long;

        /**
         * Creates a new Measurement instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Measurement instance
         */
        static create(properties: weft.Measurement.$Shape): weft.Measurement & weft.Measurement.$Shape;
        static create(properties?: weft.Measurement.$Properties): weft.Measurement;

        /**
         * Encodes the specified Measurement message. Does not implicitly {@link weft.Measurement.verify|verify} messages.
         * @param message Measurement message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.Measurement.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Measurement message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.Measurement & weft.Measurement.$Shape} Measurement
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.Measurement & weft.Measurement.$Shape;
    }

    namespace Measurement {

        /** Properties of a Measurement. */
        interface $Properties {

            /** Measurement provider */
            provider?: (string|null);

            /** Measurement nonce */
            nonce?: (Uint8Array|null);

            /** Measurement cards */
            cards?: (weft.MeasuredCard.$Properties[]|null);

            /** Measurement together */
            together?: (number|null);

            /** Measurement issuedAt */
            issuedAt?: (Long|null);

            /** Measurement expiresAt */
            expiresAt?: (Long|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Measurement. */
        type $Shape = weft.Measurement.$Properties;
    }

    /**
     * Properties of a Measurements.
     * @deprecated Use weft.Measurements.$Properties instead.
     */
    interface IMeasurements extends weft.Measurements.$Properties {
    }

    /** Represents a Measurements. */
    class Measurements {

        /**
         * Constructs a new Measurements.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.Measurements.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Measurements measurements. */
        measurements: Uint8Array[];

        /**
         * Creates a new Measurements instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Measurements instance
         */
        static create(properties: weft.Measurements.$Shape): weft.Measurements & weft.Measurements.$Shape;
        static create(properties?: weft.Measurements.$Properties): weft.Measurements;

        /**
         * Encodes the specified Measurements message. Does not implicitly {@link weft.Measurements.verify|verify} messages.
         * @param message Measurements message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.Measurements.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Measurements message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.Measurements & weft.Measurements.$Shape} Measurements
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.Measurements & weft.Measurements.$Shape;
    }

    namespace Measurements {

        /** Properties of a Measurements. */
        interface $Properties {

            /** Measurements measurements */
            measurements?: (Uint8Array[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Measurements. */
        type $Shape = weft.Measurements.$Properties;
    }

    /**
     * Properties of a StatementLine.
     * @deprecated Use weft.StatementLine.$Properties instead.
     */
    interface IStatementLine extends weft.StatementLine.$Properties {
    }

    /** Represents a StatementLine. */
    class StatementLine {

        /**
         * Constructs a new StatementLine.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.StatementLine.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** StatementLine leaseId. */
        leaseId: Uint8Array;

        /** StatementLine seq. */
        seq: number;

        /** StatementLine receiptId. */
        receiptId: Uint8Array;

        /** StatementLine amount. */
        amount: Long;

        /** StatementLine stated. */
        stated: Long;

        /**
         * Creates a new StatementLine instance using the specified properties.
         * @param [properties] Properties to set
         * @returns StatementLine instance
         */
        static create(properties: weft.StatementLine.$Shape): weft.StatementLine & weft.StatementLine.$Shape;
        static create(properties?: weft.StatementLine.$Properties): weft.StatementLine;

        /**
         * Encodes the specified StatementLine message. Does not implicitly {@link weft.StatementLine.verify|verify} messages.
         * @param message StatementLine message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.StatementLine.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a StatementLine message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.StatementLine & weft.StatementLine.$Shape} StatementLine
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.StatementLine & weft.StatementLine.$Shape;
    }

    namespace StatementLine {

        /** Properties of a StatementLine. */
        interface $Properties {

            /** StatementLine leaseId */
            leaseId?: (Uint8Array|null);

            /** StatementLine seq */
            seq?: (number|null);

            /** StatementLine receiptId */
            receiptId?: (Uint8Array|null);

            /** StatementLine amount */
            amount?: (Long|null);

            /** StatementLine stated */
            stated?: (Long|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a StatementLine. */
        type $Shape = weft.StatementLine.$Properties;
    }

    /**
     * Properties of a Statement.
     * @deprecated Use weft.Statement.$Properties instead.
     */
    interface IStatement extends weft.Statement.$Properties {
    }

    /** Represents a Statement. */
    class Statement {

        /**
         * Constructs a new Statement.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.Statement.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Statement low. */
        low: string;

        /** Statement high. */
        high: string;

        /** Statement currency. */
        currency: string;

        /** Statement number. */
        number: number;

        /** Statement round. */
        round: number;

        /** Statement prevHash. */
        prevHash: Uint8Array;

        /** Statement lowEarned. */
        lowEarned: weft.StatementLine.$Properties[];

        /** Statement highEarned. */
        highEarned: weft.StatementLine.$Properties[];

        /** Statement lowGross. */
        lowGross: Long;

        /** Statement highGross. */
        highGross: Long;

        /** Statement net. */
        net: Long;

        /** Statement creditor. */
        creditor: string;

        /** Statement issuedAt. */
        issuedAt: Long;

        /** Statement expiresAt. */
        expiresAt: Long;

        /**
         * Creates a new Statement instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Statement instance
         */
        static create(properties: weft.Statement.$Shape): weft.Statement & weft.Statement.$Shape;
        static create(properties?: weft.Statement.$Properties): weft.Statement;

        /**
         * Encodes the specified Statement message. Does not implicitly {@link weft.Statement.verify|verify} messages.
         * @param message Statement message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.Statement.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Statement message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.Statement & weft.Statement.$Shape} Statement
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.Statement & weft.Statement.$Shape;
    }

    namespace Statement {

        /** Properties of a Statement. */
        interface $Properties {

            /** Statement low */
            low?: (string|null);

            /** Statement high */
            high?: (string|null);

            /** Statement currency */
            currency?: (string|null);

            /** Statement number */
            number?: (number|null);

            /** Statement round */
            round?: (number|null);

            /** Statement prevHash */
            prevHash?: (Uint8Array|null);

            /** Statement lowEarned */
            lowEarned?: (weft.StatementLine.$Properties[]|null);

            /** Statement highEarned */
            highEarned?: (weft.StatementLine.$Properties[]|null);

            /** Statement lowGross */
            lowGross?: (Long|null);

            /** Statement highGross */
            highGross?: (Long|null);

            /** Statement net */
            net?: (Long|null);

            /** Statement creditor */
            creditor?: (string|null);

            /** Statement issuedAt */
            issuedAt?: (Long|null);

            /** Statement expiresAt */
            expiresAt?: (Long|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Statement. */
        type $Shape = weft.Statement.$Properties;
    }

    /**
     * Properties of a StatementAnswer.
     * @deprecated Use weft.StatementAnswer.$Properties instead.
     */
    interface IStatementAnswer extends weft.StatementAnswer.$Properties {
    }

    /** Represents a StatementAnswer. */
    class StatementAnswer {

        /**
         * Constructs a new StatementAnswer.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.StatementAnswer.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** StatementAnswer statementId. */
        statementId: Uint8Array;

        /** StatementAnswer verdict. */
        verdict: weft.Verdict;

        /** StatementAnswer objection. */
        objection: string;

        /** StatementAnswer leaseId. */
        leaseId: Uint8Array;

        /** StatementAnswer round. */
        round: number;

        /**
         * Creates a new StatementAnswer instance using the specified properties.
         * @param [properties] Properties to set
         * @returns StatementAnswer instance
         */
        static create(properties: weft.StatementAnswer.$Shape): weft.StatementAnswer & weft.StatementAnswer.$Shape;
        static create(properties?: weft.StatementAnswer.$Properties): weft.StatementAnswer;

        /**
         * Encodes the specified StatementAnswer message. Does not implicitly {@link weft.StatementAnswer.verify|verify} messages.
         * @param message StatementAnswer message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.StatementAnswer.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a StatementAnswer message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.StatementAnswer & weft.StatementAnswer.$Shape} StatementAnswer
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.StatementAnswer & weft.StatementAnswer.$Shape;
    }

    namespace StatementAnswer {

        /** Properties of a StatementAnswer. */
        interface $Properties {

            /** StatementAnswer statementId */
            statementId?: (Uint8Array|null);

            /** StatementAnswer verdict */
            verdict?: (weft.Verdict|null);

            /** StatementAnswer objection */
            objection?: (string|null);

            /** StatementAnswer leaseId */
            leaseId?: (Uint8Array|null);

            /** StatementAnswer round */
            round?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a StatementAnswer. */
        type $Shape = weft.StatementAnswer.$Properties;
    }

    /**
     * Properties of a Paid.
     * @deprecated Use weft.Paid.$Properties instead.
     */
    interface IPaid extends weft.Paid.$Properties {
    }

    /** Represents a Paid. */
    class Paid {

        /**
         * Constructs a new Paid.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.Paid.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Paid statementId. */
        statementId: Uint8Array;

        /** Paid currency. */
        currency: string;

        /** Paid number. */
        number: number;

        /** Paid reference. */
        reference: string;

        /** Paid paidAt. */
        paidAt: Long;

        /**
         * Creates a new Paid instance using the specified properties.
         * @param [properties] Properties to set
         * @returns Paid instance
         */
        static create(properties: weft.Paid.$Shape): weft.Paid & weft.Paid.$Shape;
        static create(properties?: weft.Paid.$Properties): weft.Paid;

        /**
         * Encodes the specified Paid message. Does not implicitly {@link weft.Paid.verify|verify} messages.
         * @param message Paid message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.Paid.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Paid message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.Paid & weft.Paid.$Shape} Paid
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.Paid & weft.Paid.$Shape;
    }

    namespace Paid {

        /** Properties of a Paid. */
        interface $Properties {

            /** Paid statementId */
            statementId?: (Uint8Array|null);

            /** Paid currency */
            currency?: (string|null);

            /** Paid number */
            number?: (number|null);

            /** Paid reference */
            reference?: (string|null);

            /** Paid paidAt */
            paidAt?: (Long|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Paid. */
        type $Shape = weft.Paid.$Properties;
    }

    /**
     * Properties of a PaidReceived.
     * @deprecated Use weft.PaidReceived.$Properties instead.
     */
    interface IPaidReceived extends weft.PaidReceived.$Properties {
    }

    /** Represents a PaidReceived. */
    class PaidReceived {

        /**
         * Constructs a new PaidReceived.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.PaidReceived.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** PaidReceived paidId. */
        paidId: Uint8Array;

        /**
         * Creates a new PaidReceived instance using the specified properties.
         * @param [properties] Properties to set
         * @returns PaidReceived instance
         */
        static create(properties: weft.PaidReceived.$Shape): weft.PaidReceived & weft.PaidReceived.$Shape;
        static create(properties?: weft.PaidReceived.$Properties): weft.PaidReceived;

        /**
         * Encodes the specified PaidReceived message. Does not implicitly {@link weft.PaidReceived.verify|verify} messages.
         * @param message PaidReceived message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.PaidReceived.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a PaidReceived message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.PaidReceived & weft.PaidReceived.$Shape} PaidReceived
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.PaidReceived & weft.PaidReceived.$Shape;
    }

    namespace PaidReceived {

        /** Properties of a PaidReceived. */
        interface $Properties {

            /** PaidReceived paidId */
            paidId?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a PaidReceived. */
        type $Shape = weft.PaidReceived.$Properties;
    }

    /**
     * Properties of a StatementState.
     * @deprecated Use weft.StatementState.$Properties instead.
     */
    interface IStatementState extends weft.StatementState.$Properties {
    }

    /** Represents a StatementState. */
    class StatementState {

        /**
         * Constructs a new StatementState.
         * @param [properties] Properties to set
         */
        constructor(properties?: weft.StatementState.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** StatementState currency. */
        currency: string;

        /** StatementState number. */
        number: number;

        /** StatementState statement. */
        statement: Uint8Array;

        /** StatementState answer. */
        answer: Uint8Array;

        /** StatementState paid. */
        paid: Uint8Array;

        /**
         * Creates a new StatementState instance using the specified properties.
         * @param [properties] Properties to set
         * @returns StatementState instance
         */
        static create(properties: weft.StatementState.$Shape): weft.StatementState & weft.StatementState.$Shape;
        static create(properties?: weft.StatementState.$Properties): weft.StatementState;

        /**
         * Encodes the specified StatementState message. Does not implicitly {@link weft.StatementState.verify|verify} messages.
         * @param message StatementState message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: weft.StatementState.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a StatementState message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {weft.StatementState & weft.StatementState.$Shape} StatementState
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): weft.StatementState & weft.StatementState.$Shape;
    }

    namespace StatementState {

        /** Properties of a StatementState. */
        interface $Properties {

            /** StatementState currency */
            currency?: (string|null);

            /** StatementState number */
            number?: (number|null);

            /** StatementState statement */
            statement?: (Uint8Array|null);

            /** StatementState answer */
            answer?: (Uint8Array|null);

            /** StatementState paid */
            paid?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a StatementState. */
        type $Shape = weft.StatementState.$Properties;
    }
}
