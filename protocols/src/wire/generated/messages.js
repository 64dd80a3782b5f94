/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

// Exported root namespace
const $root = $protobuf.roots["default"] || ($protobuf.roots["default"] = {});

export const weft = $root.weft = (() => {

    /**
     * Namespace weft.
     * @exports weft
     * @namespace
     */
    const weft = {};

    weft.Bundle = (function() {

        /**
         * Properties of a Bundle.
         * @typedef {Object} weft.Bundle.$Properties
         * @property {weft.BundleHeader.$Properties|null} [header] Bundle header
         * @property {Array.<Uint8Array>|null} [envelopes] Bundle envelopes
         * @property {Array.<weft.Equivocation.$Properties>|null} [proofs] Bundle proofs
         * @property {weft.BundleTrailer.$Properties|null} [trailer] Bundle trailer
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Bundle.
         * @memberof weft
         * @interface IBundle
         * @augments weft.Bundle.$Properties
         * @deprecated Use weft.Bundle.$Properties instead.
         */

        /**
         * Shape of a Bundle.
         * @typedef {weft.Bundle.$Properties} weft.Bundle.$Shape
         */

        /**
         * Constructs a new Bundle.
         * @memberof weft
         * @classdesc Represents a Bundle.
         * @constructor
         * @param {weft.Bundle.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Bundle = function (properties) {
            this.envelopes = [];
            this.proofs = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Bundle header.
         * @member {weft.BundleHeader.$Properties|null|undefined} header
         * @memberof weft.Bundle
         * @instance
         */
        Bundle.prototype.header = null;

        /**
         * Bundle envelopes.
         * @member {Array.<Uint8Array>} envelopes
         * @memberof weft.Bundle
         * @instance
         */
        Bundle.prototype.envelopes = $util.emptyArray;

        /**
         * Bundle proofs.
         * @member {Array.<weft.Equivocation.$Properties>} proofs
         * @memberof weft.Bundle
         * @instance
         */
        Bundle.prototype.proofs = $util.emptyArray;

        /**
         * Bundle trailer.
         * @member {weft.BundleTrailer.$Properties|null|undefined} trailer
         * @memberof weft.Bundle
         * @instance
         */
        Bundle.prototype.trailer = null;

        /**
         * Creates a new Bundle instance using the specified properties.
         * @function create
         * @memberof weft.Bundle
         * @static
         * @param {weft.Bundle.$Properties=} [properties] Properties to set
         * @returns {weft.Bundle} Bundle instance
         * @type {{
         *   (properties: weft.Bundle.$Shape): weft.Bundle & weft.Bundle.$Shape;
         *   (properties?: weft.Bundle.$Properties): weft.Bundle;
         * }}
         */
        Bundle.create = function(properties) {
            return new Bundle(properties);
        };

        /**
         * Encodes the specified Bundle message. Does not implicitly {@link weft.Bundle.verify|verify} messages.
         * @function encode
         * @memberof weft.Bundle
         * @static
         * @param {weft.Bundle.$Properties} message Bundle message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Bundle.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.weft.BundleHeader.encode(message.header, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
            if (message.envelopes != null && message.envelopes.length)
                for (let i = 0; i < message.envelopes.length; ++i)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.envelopes[i]);
            if (message.trailer != null && $Object.hasOwnProperty.call(message, "trailer"))
                $root.weft.BundleTrailer.encode(message.trailer, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
            if (message.proofs != null && message.proofs.length)
                for (let i = 0; i < message.proofs.length; ++i)
                    $root.weft.Equivocation.encode(message.proofs[i], writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Bundle message from the specified reader or buffer.
         * @function decode
         * @memberof weft.Bundle
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.Bundle & weft.Bundle.$Shape} Bundle
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Bundle.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.Bundle();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.header = $root.weft.BundleHeader.decode(reader, reader.size(), $undefined, _depth + 1, message.header);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.envelopes && message.envelopes.length))
                            message.envelopes = [];
                        message.envelopes.push(reader.bytes());
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if (!(message.proofs && message.proofs.length))
                            message.proofs = [];
                        message.proofs.push($root.weft.Equivocation.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        message.trailer = $root.weft.BundleTrailer.decode(reader, reader.size(), $undefined, _depth + 1, message.trailer);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Bundle;
    })();

    weft.BundleHeader = (function() {

        /**
         * Properties of a BundleHeader.
         * @typedef {Object} weft.BundleHeader.$Properties
         * @property {string|null} [network] BundleHeader network
         * @property {string|null} [exportedBy] BundleHeader exportedBy
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a BundleHeader.
         * @memberof weft
         * @interface IBundleHeader
         * @augments weft.BundleHeader.$Properties
         * @deprecated Use weft.BundleHeader.$Properties instead.
         */

        /**
         * Shape of a BundleHeader.
         * @typedef {weft.BundleHeader.$Properties} weft.BundleHeader.$Shape
         */

        /**
         * Constructs a new BundleHeader.
         * @memberof weft
         * @classdesc Represents a BundleHeader.
         * @constructor
         * @param {weft.BundleHeader.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const BundleHeader = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * BundleHeader network.
         * @member {string} network
         * @memberof weft.BundleHeader
         * @instance
         */
        BundleHeader.prototype.network = "";

        /**
         * BundleHeader exportedBy.
         * @member {string} exportedBy
         * @memberof weft.BundleHeader
         * @instance
         */
        BundleHeader.prototype.exportedBy = "";

        /**
         * Creates a new BundleHeader instance using the specified properties.
         * @function create
         * @memberof weft.BundleHeader
         * @static
         * @param {weft.BundleHeader.$Properties=} [properties] Properties to set
         * @returns {weft.BundleHeader} BundleHeader instance
         * @type {{
         *   (properties: weft.BundleHeader.$Shape): weft.BundleHeader & weft.BundleHeader.$Shape;
         *   (properties?: weft.BundleHeader.$Properties): weft.BundleHeader;
         * }}
         */
        BundleHeader.create = function(properties) {
            return new BundleHeader(properties);
        };

        /**
         * Encodes the specified BundleHeader message. Does not implicitly {@link weft.BundleHeader.verify|verify} messages.
         * @function encode
         * @memberof weft.BundleHeader
         * @static
         * @param {weft.BundleHeader.$Properties} message BundleHeader message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        BundleHeader.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.network != null && $Object.hasOwnProperty.call(message, "network") && message.network !== "")
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.network);
            if (message.exportedBy != null && $Object.hasOwnProperty.call(message, "exportedBy") && message.exportedBy !== "")
                writer.uint32(/* id 2, wireType 2 =*/18).string(message.exportedBy);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a BundleHeader message from the specified reader or buffer.
         * @function decode
         * @memberof weft.BundleHeader
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.BundleHeader & weft.BundleHeader.$Shape} BundleHeader
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        BundleHeader.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.BundleHeader();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.network = value;
                        else
                            delete message.network;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.exportedBy = value;
                        else
                            delete message.exportedBy;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return BundleHeader;
    })();

    weft.BundleTrailer = (function() {

        /**
         * Properties of a BundleTrailer.
         * @typedef {Object} weft.BundleTrailer.$Properties
         * @property {Long|null} [envelopes] BundleTrailer envelopes
         * @property {Uint8Array|null} [digest] BundleTrailer digest
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a BundleTrailer.
         * @memberof weft
         * @interface IBundleTrailer
         * @augments weft.BundleTrailer.$Properties
         * @deprecated Use weft.BundleTrailer.$Properties instead.
         */

        /**
         * Shape of a BundleTrailer.
         * @typedef {weft.BundleTrailer.$Properties} weft.BundleTrailer.$Shape
         */

        /**
         * Constructs a new BundleTrailer.
         * @memberof weft
         * @classdesc Represents a BundleTrailer.
         * @constructor
         * @param {weft.BundleTrailer.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const BundleTrailer = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * BundleTrailer envelopes.
         * @member {Long} envelopes
         * @memberof weft.BundleTrailer
         * @instance
         */
        BundleTrailer.prototype.envelopes = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * BundleTrailer digest.
         * @member {Uint8Array} digest
         * @memberof weft.BundleTrailer
         * @instance
         */
        BundleTrailer.prototype.digest = $util.newBuffer([]);

        /**
         * Creates a new BundleTrailer instance using the specified properties.
         * @function create
         * @memberof weft.BundleTrailer
         * @static
         * @param {weft.BundleTrailer.$Properties=} [properties] Properties to set
         * @returns {weft.BundleTrailer} BundleTrailer instance
         * @type {{
         *   (properties: weft.BundleTrailer.$Shape): weft.BundleTrailer & weft.BundleTrailer.$Shape;
         *   (properties?: weft.BundleTrailer.$Properties): weft.BundleTrailer;
         * }}
         */
        BundleTrailer.create = function(properties) {
            return new BundleTrailer(properties);
        };

        /**
         * Encodes the specified BundleTrailer message. Does not implicitly {@link weft.BundleTrailer.verify|verify} messages.
         * @function encode
         * @memberof weft.BundleTrailer
         * @static
         * @param {weft.BundleTrailer.$Properties} message BundleTrailer message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        BundleTrailer.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.envelopes != null && $Object.hasOwnProperty.call(message, "envelopes") && (typeof message.envelopes === "object" ? message.envelopes.low || message.envelopes.high : message.envelopes !== 0))
                writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.envelopes);
            if (message.digest != null && $Object.hasOwnProperty.call(message, "digest") && message.digest.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.digest);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a BundleTrailer message from the specified reader or buffer.
         * @function decode
         * @memberof weft.BundleTrailer
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.BundleTrailer & weft.BundleTrailer.$Shape} BundleTrailer
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        BundleTrailer.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.BundleTrailer();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.envelopes = value;
                        else
                            delete message.envelopes;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.digest = value;
                        else
                            delete message.digest;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return BundleTrailer;
    })();

    /**
     * ReceiptKind enum.
     * @name weft.ReceiptKind
     * @enum {number}
     * @property {number} RECEIPT_NONE=0 RECEIPT_NONE value
     * @property {number} RECEIPT_INTERVAL=1 RECEIPT_INTERVAL value
     * @property {number} RECEIPT_FINAL=4 RECEIPT_FINAL value
     */
    weft.ReceiptKind = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "RECEIPT_NONE"] = 0;
        values[valuesById[1] = "RECEIPT_INTERVAL"] = 1;
        values[valuesById[4] = "RECEIPT_FINAL"] = 4;
        return values;
    })();

    weft.Receipt = (function() {

        /**
         * Properties of a Receipt.
         * @typedef {Object} weft.Receipt.$Properties
         * @property {Uint8Array|null} [leaseId] Receipt leaseId
         * @property {number|null} [seq] Receipt seq
         * @property {Uint8Array|null} [prevHash] Receipt prevHash
         * @property {weft.ReceiptKind|null} [kind] Receipt kind
         * @property {Long|null} [sentAt] Receipt sentAt
         * @property {Long|null} [runMs] Receipt runMs
         * @property {Long|null} [pausedMs] Receipt pausedMs
         * @property {Long|null} [egressBytes] Receipt egressBytes
         * @property {Long|null} [amount] Receipt amount
         * @property {Long|null} [logBytes] Receipt logBytes
         * @property {weft.Final.$Properties|null} [final] Receipt final
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Receipt.
         * @memberof weft
         * @interface IReceipt
         * @augments weft.Receipt.$Properties
         * @deprecated Use weft.Receipt.$Properties instead.
         */

        /**
         * Shape of a Receipt.
         * @typedef {weft.Receipt.$Properties} weft.Receipt.$Shape
         */

        /**
         * Constructs a new Receipt.
         * @memberof weft
         * @classdesc Represents a Receipt.
         * @constructor
         * @param {weft.Receipt.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Receipt = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Receipt leaseId.
         * @member {Uint8Array} leaseId
         * @memberof weft.Receipt
         * @instance
         */
        Receipt.prototype.leaseId = $util.newBuffer([]);

        /**
         * Receipt seq.
         * @member {number} seq
         * @memberof weft.Receipt
         * @instance
         */
        Receipt.prototype.seq = 0;

        /**
         * Receipt prevHash.
         * @member {Uint8Array} prevHash
         * @memberof weft.Receipt
         * @instance
         */
        Receipt.prototype.prevHash = $util.newBuffer([]);

        /**
         * Receipt kind.
         * @member {weft.ReceiptKind} kind
         * @memberof weft.Receipt
         * @instance
         */
        Receipt.prototype.kind = 0;

        /**
         * Receipt sentAt.
         * @member {Long} sentAt
         * @memberof weft.Receipt
         * @instance
         */
        Receipt.prototype.sentAt = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Receipt runMs.
         * @member {Long} runMs
         * @memberof weft.Receipt
         * @instance
         */
        Receipt.prototype.runMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Receipt pausedMs.
         * @member {Long} pausedMs
         * @memberof weft.Receipt
         * @instance
         */
        Receipt.prototype.pausedMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Receipt egressBytes.
         * @member {Long} egressBytes
         * @memberof weft.Receipt
         * @instance
         */
        Receipt.prototype.egressBytes = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Receipt amount.
         * @member {Long} amount
         * @memberof weft.Receipt
         * @instance
         */
        Receipt.prototype.amount = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Receipt logBytes.
         * @member {Long} logBytes
         * @memberof weft.Receipt
         * @instance
         */
        Receipt.prototype.logBytes = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Receipt final.
         * @member {weft.Final.$Properties|null|undefined} final
         * @memberof weft.Receipt
         * @instance
         */
        Receipt.prototype.final = null;

        /**
         * Creates a new Receipt instance using the specified properties.
         * @function create
         * @memberof weft.Receipt
         * @static
         * @param {weft.Receipt.$Properties=} [properties] Properties to set
         * @returns {weft.Receipt} Receipt instance
         * @type {{
         *   (properties: weft.Receipt.$Shape): weft.Receipt & weft.Receipt.$Shape;
         *   (properties?: weft.Receipt.$Properties): weft.Receipt;
         * }}
         */
        Receipt.create = function(properties) {
            return new Receipt(properties);
        };

        /**
         * Encodes the specified Receipt message. Does not implicitly {@link weft.Receipt.verify|verify} messages.
         * @function encode
         * @memberof weft.Receipt
         * @static
         * @param {weft.Receipt.$Properties} message Receipt message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Receipt.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.leaseId != null && $Object.hasOwnProperty.call(message, "leaseId") && message.leaseId.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.leaseId);
            if (message.seq != null && $Object.hasOwnProperty.call(message, "seq") && message.seq !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.seq);
            if (message.prevHash != null && $Object.hasOwnProperty.call(message, "prevHash") && message.prevHash.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.prevHash);
            if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== 0)
                writer.uint32(/* id 4, wireType 0 =*/32).int32(message.kind);
            if (message.sentAt != null && $Object.hasOwnProperty.call(message, "sentAt") && (typeof message.sentAt === "object" ? message.sentAt.low || message.sentAt.high : message.sentAt !== 0))
                writer.uint32(/* id 5, wireType 0 =*/40).uint64(message.sentAt);
            if (message.runMs != null && $Object.hasOwnProperty.call(message, "runMs") && (typeof message.runMs === "object" ? message.runMs.low || message.runMs.high : message.runMs !== 0))
                writer.uint32(/* id 6, wireType 0 =*/48).uint64(message.runMs);
            if (message.pausedMs != null && $Object.hasOwnProperty.call(message, "pausedMs") && (typeof message.pausedMs === "object" ? message.pausedMs.low || message.pausedMs.high : message.pausedMs !== 0))
                writer.uint32(/* id 7, wireType 0 =*/56).uint64(message.pausedMs);
            if (message.egressBytes != null && $Object.hasOwnProperty.call(message, "egressBytes") && (typeof message.egressBytes === "object" ? message.egressBytes.low || message.egressBytes.high : message.egressBytes !== 0))
                writer.uint32(/* id 8, wireType 0 =*/64).uint64(message.egressBytes);
            if (message.amount != null && $Object.hasOwnProperty.call(message, "amount") && (typeof message.amount === "object" ? message.amount.low || message.amount.high : message.amount !== 0))
                writer.uint32(/* id 9, wireType 0 =*/72).uint64(message.amount);
            if (message.logBytes != null && $Object.hasOwnProperty.call(message, "logBytes") && (typeof message.logBytes === "object" ? message.logBytes.low || message.logBytes.high : message.logBytes !== 0))
                writer.uint32(/* id 10, wireType 0 =*/80).uint64(message.logBytes);
            if (message.final != null && $Object.hasOwnProperty.call(message, "final"))
                $root.weft.Final.encode(message.final, writer.uint32(/* id 11, wireType 2 =*/90).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Receipt message from the specified reader or buffer.
         * @function decode
         * @memberof weft.Receipt
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.Receipt & weft.Receipt.$Shape} Receipt
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Receipt.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.Receipt();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.leaseId = value;
                        else
                            delete message.leaseId;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.seq = value;
                        else
                            delete message.seq;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.prevHash = value;
                        else
                            delete message.prevHash;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.kind = value;
                        else
                            delete message.kind;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.sentAt = value;
                        else
                            delete message.sentAt;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.runMs = value;
                        else
                            delete message.runMs;
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.pausedMs = value;
                        else
                            delete message.pausedMs;
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.egressBytes = value;
                        else
                            delete message.egressBytes;
                        continue;
                    }
                case 9: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.amount = value;
                        else
                            delete message.amount;
                        continue;
                    }
                case 10: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.logBytes = value;
                        else
                            delete message.logBytes;
                        continue;
                    }
                case 11: {
                        if (wireType !== 2)
                            break;
                        message.final = $root.weft.Final.decode(reader, reader.size(), $undefined, _depth + 1, message.final);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Receipt;
    })();

    weft.Final = (function() {

        /**
         * Properties of a Final.
         * @typedef {Object} weft.Final.$Properties
         * @property {number|null} [endReason] Final endReason
         * @property {number|null} [exitCode] Final exitCode
         * @property {Uint8Array|null} [outputs] Final outputs
         * @property {Long|null} [outputBytes] Final outputBytes
         * @property {string|null} [detail] Final detail
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Final.
         * @memberof weft
         * @interface IFinal
         * @augments weft.Final.$Properties
         * @deprecated Use weft.Final.$Properties instead.
         */

        /**
         * Shape of a Final.
         * @typedef {weft.Final.$Properties} weft.Final.$Shape
         */

        /**
         * Constructs a new Final.
         * @memberof weft
         * @classdesc Represents a Final.
         * @constructor
         * @param {weft.Final.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Final = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Final endReason.
         * @member {number} endReason
         * @memberof weft.Final
         * @instance
         */
        Final.prototype.endReason = 0;

        /**
         * Final exitCode.
         * @member {number|null|undefined} exitCode
         * @memberof weft.Final
         * @instance
         */
        Final.prototype.exitCode = null;

        /**
         * Final outputs.
         * @member {Uint8Array} outputs
         * @memberof weft.Final
         * @instance
         */
        Final.prototype.outputs = $util.newBuffer([]);

        /**
         * Final outputBytes.
         * @member {Long} outputBytes
         * @memberof weft.Final
         * @instance
         */
        Final.prototype.outputBytes = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Final detail.
         * @member {string} detail
         * @memberof weft.Final
         * @instance
         */
        Final.prototype.detail = "";

        // OneOf field names bound to virtual getters and setters
        let $oneOfFields;

        // Virtual OneOf for proto3 optional field
        $Object.defineProperty(Final.prototype, "_exitCode", {
            get: $util.oneOfGetter($oneOfFields = ["exitCode"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        /**
         * Creates a new Final instance using the specified properties.
         * @function create
         * @memberof weft.Final
         * @static
         * @param {weft.Final.$Properties=} [properties] Properties to set
         * @returns {weft.Final} Final instance
         * @type {{
         *   (properties: weft.Final.$Shape): weft.Final & weft.Final.$Shape;
         *   (properties?: weft.Final.$Properties): weft.Final;
         * }}
         */
        Final.create = function(properties) {
            return new Final(properties);
        };

        /**
         * Encodes the specified Final message. Does not implicitly {@link weft.Final.verify|verify} messages.
         * @function encode
         * @memberof weft.Final
         * @static
         * @param {weft.Final.$Properties} message Final message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Final.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.endReason != null && $Object.hasOwnProperty.call(message, "endReason") && message.endReason !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.endReason);
            if (message.exitCode != null && $Object.hasOwnProperty.call(message, "exitCode"))
                writer.uint32(/* id 2, wireType 0 =*/16).sint32(message.exitCode);
            if (message.outputs != null && $Object.hasOwnProperty.call(message, "outputs") && message.outputs.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.outputs);
            if (message.outputBytes != null && $Object.hasOwnProperty.call(message, "outputBytes") && (typeof message.outputBytes === "object" ? message.outputBytes.low || message.outputBytes.high : message.outputBytes !== 0))
                writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.outputBytes);
            if (message.detail != null && $Object.hasOwnProperty.call(message, "detail") && message.detail !== "")
                writer.uint32(/* id 5, wireType 2 =*/42).string(message.detail);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Final message from the specified reader or buffer.
         * @function decode
         * @memberof weft.Final
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.Final & weft.Final.$Shape} Final
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Final.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.Final();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.endReason = value;
                        else
                            delete message.endReason;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        message.exitCode = reader.sint32();
                        message._exitCode = "exitCode";
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.outputs = value;
                        else
                            delete message.outputs;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.outputBytes = value;
                        else
                            delete message.outputBytes;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.detail = value;
                        else
                            delete message.detail;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Final;
    })();

    /**
     * Verdict enum.
     * @name weft.Verdict
     * @enum {number}
     * @property {number} VERDICT_NONE=0 VERDICT_NONE value
     * @property {number} VERDICT_ACCEPTED=1 VERDICT_ACCEPTED value
     * @property {number} VERDICT_OBJECTED=2 VERDICT_OBJECTED value
     */
    weft.Verdict = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "VERDICT_NONE"] = 0;
        values[valuesById[1] = "VERDICT_ACCEPTED"] = 1;
        values[valuesById[2] = "VERDICT_OBJECTED"] = 2;
        return values;
    })();

    /**
     * ObjectionReason enum.
     * @name weft.ObjectionReason
     * @enum {number}
     * @property {number} OBJECTION_NONE=0 OBJECTION_NONE value
     * @property {number} OBJECTION_AFTER_FINAL=1 OBJECTION_AFTER_FINAL value
     * @property {number} OBJECTION_SEQ=2 OBJECTION_SEQ value
     * @property {number} OBJECTION_PREV_HASH=3 OBJECTION_PREV_HASH value
     * @property {number} OBJECTION_COUNTER_FELL=4 OBJECTION_COUNTER_FELL value
     * @property {number} OBJECTION_OVER_TIME=5 OBJECTION_OVER_TIME value
     * @property {number} OBJECTION_EGRESS=6 OBJECTION_EGRESS value
     * @property {number} OBJECTION_AMOUNT=7 OBJECTION_AMOUNT value
     * @property {number} OBJECTION_AHEAD_OF_CLOCK=8 OBJECTION_AHEAD_OF_CLOCK value
     */
    weft.ObjectionReason = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "OBJECTION_NONE"] = 0;
        values[valuesById[1] = "OBJECTION_AFTER_FINAL"] = 1;
        values[valuesById[2] = "OBJECTION_SEQ"] = 2;
        values[valuesById[3] = "OBJECTION_PREV_HASH"] = 3;
        values[valuesById[4] = "OBJECTION_COUNTER_FELL"] = 4;
        values[valuesById[5] = "OBJECTION_OVER_TIME"] = 5;
        values[valuesById[6] = "OBJECTION_EGRESS"] = 6;
        values[valuesById[7] = "OBJECTION_AMOUNT"] = 7;
        values[valuesById[8] = "OBJECTION_AHEAD_OF_CLOCK"] = 8;
        return values;
    })();

    weft.Objection = (function() {

        /**
         * Properties of an Objection.
         * @typedef {Object} weft.Objection.$Properties
         * @property {weft.ObjectionReason|null} [reason] Objection reason
         * @property {Long|null} [runMs] Objection runMs
         * @property {number|null} [acceptedSeq] Objection acceptedSeq
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of an Objection.
         * @memberof weft
         * @interface IObjection
         * @augments weft.Objection.$Properties
         * @deprecated Use weft.Objection.$Properties instead.
         */

        /**
         * Shape of an Objection.
         * @typedef {weft.Objection.$Properties} weft.Objection.$Shape
         */

        /**
         * Constructs a new Objection.
         * @memberof weft
         * @classdesc Represents an Objection.
         * @constructor
         * @param {weft.Objection.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Objection = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Objection reason.
         * @member {weft.ObjectionReason} reason
         * @memberof weft.Objection
         * @instance
         */
        Objection.prototype.reason = 0;

        /**
         * Objection runMs.
         * @member {Long} runMs
         * @memberof weft.Objection
         * @instance
         */
        Objection.prototype.runMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Objection acceptedSeq.
         * @member {number} acceptedSeq
         * @memberof weft.Objection
         * @instance
         */
        Objection.prototype.acceptedSeq = 0;

        /**
         * Creates a new Objection instance using the specified properties.
         * @function create
         * @memberof weft.Objection
         * @static
         * @param {weft.Objection.$Properties=} [properties] Properties to set
         * @returns {weft.Objection} Objection instance
         * @type {{
         *   (properties: weft.Objection.$Shape): weft.Objection & weft.Objection.$Shape;
         *   (properties?: weft.Objection.$Properties): weft.Objection;
         * }}
         */
        Objection.create = function(properties) {
            return new Objection(properties);
        };

        /**
         * Encodes the specified Objection message. Does not implicitly {@link weft.Objection.verify|verify} messages.
         * @function encode
         * @memberof weft.Objection
         * @static
         * @param {weft.Objection.$Properties} message Objection message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Objection.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.reason != null && $Object.hasOwnProperty.call(message, "reason") && message.reason !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).int32(message.reason);
            if (message.runMs != null && $Object.hasOwnProperty.call(message, "runMs") && (typeof message.runMs === "object" ? message.runMs.low || message.runMs.high : message.runMs !== 0))
                writer.uint32(/* id 2, wireType 0 =*/16).uint64(message.runMs);
            if (message.acceptedSeq != null && $Object.hasOwnProperty.call(message, "acceptedSeq") && message.acceptedSeq !== 0)
                writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.acceptedSeq);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes an Objection message from the specified reader or buffer.
         * @function decode
         * @memberof weft.Objection
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.Objection & weft.Objection.$Shape} Objection
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Objection.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.Objection();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.reason = value;
                        else
                            delete message.reason;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.runMs = value;
                        else
                            delete message.runMs;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.acceptedSeq = value;
                        else
                            delete message.acceptedSeq;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Objection;
    })();

    weft.Countersignature = (function() {

        /**
         * Properties of a Countersignature.
         * @typedef {Object} weft.Countersignature.$Properties
         * @property {Uint8Array|null} [leaseId] Countersignature leaseId
         * @property {number|null} [seq] Countersignature seq
         * @property {Uint8Array|null} [receiptId] Countersignature receiptId
         * @property {weft.Verdict|null} [verdict] Countersignature verdict
         * @property {weft.Objection.$Properties|null} [objection] Countersignature objection
         * @property {number|null} [permitMs] Countersignature permitMs
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Countersignature.
         * @memberof weft
         * @interface ICountersignature
         * @augments weft.Countersignature.$Properties
         * @deprecated Use weft.Countersignature.$Properties instead.
         */

        /**
         * Shape of a Countersignature.
         * @typedef {weft.Countersignature.$Properties} weft.Countersignature.$Shape
         */

        /**
         * Constructs a new Countersignature.
         * @memberof weft
         * @classdesc Represents a Countersignature.
         * @constructor
         * @param {weft.Countersignature.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Countersignature = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Countersignature leaseId.
         * @member {Uint8Array} leaseId
         * @memberof weft.Countersignature
         * @instance
         */
        Countersignature.prototype.leaseId = $util.newBuffer([]);

        /**
         * Countersignature seq.
         * @member {number} seq
         * @memberof weft.Countersignature
         * @instance
         */
        Countersignature.prototype.seq = 0;

        /**
         * Countersignature receiptId.
         * @member {Uint8Array} receiptId
         * @memberof weft.Countersignature
         * @instance
         */
        Countersignature.prototype.receiptId = $util.newBuffer([]);

        /**
         * Countersignature verdict.
         * @member {weft.Verdict} verdict
         * @memberof weft.Countersignature
         * @instance
         */
        Countersignature.prototype.verdict = 0;

        /**
         * Countersignature objection.
         * @member {weft.Objection.$Properties|null|undefined} objection
         * @memberof weft.Countersignature
         * @instance
         */
        Countersignature.prototype.objection = null;

        /**
         * Countersignature permitMs.
         * @member {number} permitMs
         * @memberof weft.Countersignature
         * @instance
         */
        Countersignature.prototype.permitMs = 0;

        /**
         * Creates a new Countersignature instance using the specified properties.
         * @function create
         * @memberof weft.Countersignature
         * @static
         * @param {weft.Countersignature.$Properties=} [properties] Properties to set
         * @returns {weft.Countersignature} Countersignature instance
         * @type {{
         *   (properties: weft.Countersignature.$Shape): weft.Countersignature & weft.Countersignature.$Shape;
         *   (properties?: weft.Countersignature.$Properties): weft.Countersignature;
         * }}
         */
        Countersignature.create = function(properties) {
            return new Countersignature(properties);
        };

        /**
         * Encodes the specified Countersignature message. Does not implicitly {@link weft.Countersignature.verify|verify} messages.
         * @function encode
         * @memberof weft.Countersignature
         * @static
         * @param {weft.Countersignature.$Properties} message Countersignature message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Countersignature.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.leaseId != null && $Object.hasOwnProperty.call(message, "leaseId") && message.leaseId.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.leaseId);
            if (message.seq != null && $Object.hasOwnProperty.call(message, "seq") && message.seq !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.seq);
            if (message.receiptId != null && $Object.hasOwnProperty.call(message, "receiptId") && message.receiptId.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.receiptId);
            if (message.verdict != null && $Object.hasOwnProperty.call(message, "verdict") && message.verdict !== 0)
                writer.uint32(/* id 4, wireType 0 =*/32).int32(message.verdict);
            if (message.objection != null && $Object.hasOwnProperty.call(message, "objection"))
                $root.weft.Objection.encode(message.objection, writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
            if (message.permitMs != null && $Object.hasOwnProperty.call(message, "permitMs") && message.permitMs !== 0)
                writer.uint32(/* id 6, wireType 0 =*/48).uint32(message.permitMs);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Countersignature message from the specified reader or buffer.
         * @function decode
         * @memberof weft.Countersignature
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.Countersignature & weft.Countersignature.$Shape} Countersignature
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Countersignature.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.Countersignature();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.leaseId = value;
                        else
                            delete message.leaseId;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.seq = value;
                        else
                            delete message.seq;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.receiptId = value;
                        else
                            delete message.receiptId;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.verdict = value;
                        else
                            delete message.verdict;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        message.objection = $root.weft.Objection.decode(reader, reader.size(), $undefined, _depth + 1, message.objection);
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.permitMs = value;
                        else
                            delete message.permitMs;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Countersignature;
    })();

    weft.LeaseState = (function() {

        /**
         * Properties of a LeaseState.
         * @typedef {Object} weft.LeaseState.$Properties
         * @property {Uint8Array|null} [leaseId] LeaseState leaseId
         * @property {Uint8Array|null} [receipt] LeaseState receipt
         * @property {Uint8Array|null} [answer] LeaseState answer
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a LeaseState.
         * @memberof weft
         * @interface ILeaseState
         * @augments weft.LeaseState.$Properties
         * @deprecated Use weft.LeaseState.$Properties instead.
         */

        /**
         * Shape of a LeaseState.
         * @typedef {weft.LeaseState.$Properties} weft.LeaseState.$Shape
         */

        /**
         * Constructs a new LeaseState.
         * @memberof weft
         * @classdesc Represents a LeaseState.
         * @constructor
         * @param {weft.LeaseState.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const LeaseState = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * LeaseState leaseId.
         * @member {Uint8Array} leaseId
         * @memberof weft.LeaseState
         * @instance
         */
        LeaseState.prototype.leaseId = $util.newBuffer([]);

        /**
         * LeaseState receipt.
         * @member {Uint8Array} receipt
         * @memberof weft.LeaseState
         * @instance
         */
        LeaseState.prototype.receipt = $util.newBuffer([]);

        /**
         * LeaseState answer.
         * @member {Uint8Array} answer
         * @memberof weft.LeaseState
         * @instance
         */
        LeaseState.prototype.answer = $util.newBuffer([]);

        /**
         * Creates a new LeaseState instance using the specified properties.
         * @function create
         * @memberof weft.LeaseState
         * @static
         * @param {weft.LeaseState.$Properties=} [properties] Properties to set
         * @returns {weft.LeaseState} LeaseState instance
         * @type {{
         *   (properties: weft.LeaseState.$Shape): weft.LeaseState & weft.LeaseState.$Shape;
         *   (properties?: weft.LeaseState.$Properties): weft.LeaseState;
         * }}
         */
        LeaseState.create = function(properties) {
            return new LeaseState(properties);
        };

        /**
         * Encodes the specified LeaseState message. Does not implicitly {@link weft.LeaseState.verify|verify} messages.
         * @function encode
         * @memberof weft.LeaseState
         * @static
         * @param {weft.LeaseState.$Properties} message LeaseState message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        LeaseState.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.leaseId != null && $Object.hasOwnProperty.call(message, "leaseId") && message.leaseId.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.leaseId);
            if (message.receipt != null && $Object.hasOwnProperty.call(message, "receipt") && message.receipt.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.receipt);
            if (message.answer != null && $Object.hasOwnProperty.call(message, "answer") && message.answer.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.answer);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a LeaseState message from the specified reader or buffer.
         * @function decode
         * @memberof weft.LeaseState
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.LeaseState & weft.LeaseState.$Shape} LeaseState
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        LeaseState.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.LeaseState();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.leaseId = value;
                        else
                            delete message.leaseId;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.receipt = value;
                        else
                            delete message.receipt;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.answer = value;
                        else
                            delete message.answer;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return LeaseState;
    })();

    weft.Equivocation = (function() {

        /**
         * Properties of an Equivocation.
         * @typedef {Object} weft.Equivocation.$Properties
         * @property {Uint8Array|null} [award] Equivocation award
         * @property {Uint8Array|null} [first] Equivocation first
         * @property {Uint8Array|null} [second] Equivocation second
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of an Equivocation.
         * @memberof weft
         * @interface IEquivocation
         * @augments weft.Equivocation.$Properties
         * @deprecated Use weft.Equivocation.$Properties instead.
         */

        /**
         * Shape of an Equivocation.
         * @typedef {weft.Equivocation.$Properties} weft.Equivocation.$Shape
         */

        /**
         * Constructs a new Equivocation.
         * @memberof weft
         * @classdesc Represents an Equivocation.
         * @constructor
         * @param {weft.Equivocation.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Equivocation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Equivocation award.
         * @member {Uint8Array} award
         * @memberof weft.Equivocation
         * @instance
         */
        Equivocation.prototype.award = $util.newBuffer([]);

        /**
         * Equivocation first.
         * @member {Uint8Array} first
         * @memberof weft.Equivocation
         * @instance
         */
        Equivocation.prototype.first = $util.newBuffer([]);

        /**
         * Equivocation second.
         * @member {Uint8Array} second
         * @memberof weft.Equivocation
         * @instance
         */
        Equivocation.prototype.second = $util.newBuffer([]);

        /**
         * Creates a new Equivocation instance using the specified properties.
         * @function create
         * @memberof weft.Equivocation
         * @static
         * @param {weft.Equivocation.$Properties=} [properties] Properties to set
         * @returns {weft.Equivocation} Equivocation instance
         * @type {{
         *   (properties: weft.Equivocation.$Shape): weft.Equivocation & weft.Equivocation.$Shape;
         *   (properties?: weft.Equivocation.$Properties): weft.Equivocation;
         * }}
         */
        Equivocation.create = function(properties) {
            return new Equivocation(properties);
        };

        /**
         * Encodes the specified Equivocation message. Does not implicitly {@link weft.Equivocation.verify|verify} messages.
         * @function encode
         * @memberof weft.Equivocation
         * @static
         * @param {weft.Equivocation.$Properties} message Equivocation message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Equivocation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.award != null && $Object.hasOwnProperty.call(message, "award") && message.award.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.award);
            if (message.first != null && $Object.hasOwnProperty.call(message, "first") && message.first.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.first);
            if (message.second != null && $Object.hasOwnProperty.call(message, "second") && message.second.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.second);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes an Equivocation message from the specified reader or buffer.
         * @function decode
         * @memberof weft.Equivocation
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.Equivocation & weft.Equivocation.$Shape} Equivocation
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Equivocation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.Equivocation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.award = value;
                        else
                            delete message.award;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.first = value;
                        else
                            delete message.first;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.second = value;
                        else
                            delete message.second;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Equivocation;
    })();

    /**
     * FrameKind enum.
     * @name weft.FrameKind
     * @enum {number}
     * @property {number} FRAME_NONE=0 FRAME_NONE value
     * @property {number} FRAME_OPEN=1 FRAME_OPEN value
     * @property {number} FRAME_DATA=2 FRAME_DATA value
     * @property {number} FRAME_CREDIT=3 FRAME_CREDIT value
     * @property {number} FRAME_END=4 FRAME_END value
     * @property {number} FRAME_RESET=5 FRAME_RESET value
     */
    weft.FrameKind = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "FRAME_NONE"] = 0;
        values[valuesById[1] = "FRAME_OPEN"] = 1;
        values[valuesById[2] = "FRAME_DATA"] = 2;
        values[valuesById[3] = "FRAME_CREDIT"] = 3;
        values[valuesById[4] = "FRAME_END"] = 4;
        values[valuesById[5] = "FRAME_RESET"] = 5;
        return values;
    })();

    weft.Frame = (function() {

        /**
         * Properties of a Frame.
         * @typedef {Object} weft.Frame.$Properties
         * @property {number|null} [channel] Frame channel
         * @property {weft.FrameKind|null} [kind] Frame kind
         * @property {Uint8Array|null} [payload] Frame payload
         * @property {number|null} [credit] Frame credit
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Frame.
         * @memberof weft
         * @interface IFrame
         * @augments weft.Frame.$Properties
         * @deprecated Use weft.Frame.$Properties instead.
         */

        /**
         * Shape of a Frame.
         * @typedef {weft.Frame.$Properties} weft.Frame.$Shape
         */

        /**
         * Constructs a new Frame.
         * @memberof weft
         * @classdesc Represents a Frame.
         * @constructor
         * @param {weft.Frame.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Frame = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Frame channel.
         * @member {number} channel
         * @memberof weft.Frame
         * @instance
         */
        Frame.prototype.channel = 0;

        /**
         * Frame kind.
         * @member {weft.FrameKind} kind
         * @memberof weft.Frame
         * @instance
         */
        Frame.prototype.kind = 0;

        /**
         * Frame payload.
         * @member {Uint8Array} payload
         * @memberof weft.Frame
         * @instance
         */
        Frame.prototype.payload = $util.newBuffer([]);

        /**
         * Frame credit.
         * @member {number} credit
         * @memberof weft.Frame
         * @instance
         */
        Frame.prototype.credit = 0;

        /**
         * Creates a new Frame instance using the specified properties.
         * @function create
         * @memberof weft.Frame
         * @static
         * @param {weft.Frame.$Properties=} [properties] Properties to set
         * @returns {weft.Frame} Frame instance
         * @type {{
         *   (properties: weft.Frame.$Shape): weft.Frame & weft.Frame.$Shape;
         *   (properties?: weft.Frame.$Properties): weft.Frame;
         * }}
         */
        Frame.create = function(properties) {
            return new Frame(properties);
        };

        /**
         * Encodes the specified Frame message. Does not implicitly {@link weft.Frame.verify|verify} messages.
         * @function encode
         * @memberof weft.Frame
         * @static
         * @param {weft.Frame.$Properties} message Frame message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Frame.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.channel != null && $Object.hasOwnProperty.call(message, "channel") && message.channel !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.channel);
            if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).int32(message.kind);
            if (message.payload != null && $Object.hasOwnProperty.call(message, "payload") && message.payload.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.payload);
            if (message.credit != null && $Object.hasOwnProperty.call(message, "credit") && message.credit !== 0)
                writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.credit);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Frame message from the specified reader or buffer.
         * @function decode
         * @memberof weft.Frame
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.Frame & weft.Frame.$Shape} Frame
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Frame.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.Frame();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.channel = value;
                        else
                            delete message.channel;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.kind = value;
                        else
                            delete message.kind;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.payload = value;
                        else
                            delete message.payload;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.credit = value;
                        else
                            delete message.credit;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Frame;
    })();

    weft.BlockRequest = (function() {

        /**
         * Properties of a BlockRequest.
         * @typedef {Object} weft.BlockRequest.$Properties
         * @property {number|null} [id] BlockRequest id
         * @property {Array.<Uint8Array>|null} [cids] BlockRequest cids
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a BlockRequest.
         * @memberof weft
         * @interface IBlockRequest
         * @augments weft.BlockRequest.$Properties
         * @deprecated Use weft.BlockRequest.$Properties instead.
         */

        /**
         * Shape of a BlockRequest.
         * @typedef {weft.BlockRequest.$Properties} weft.BlockRequest.$Shape
         */

        /**
         * Constructs a new BlockRequest.
         * @memberof weft
         * @classdesc Represents a BlockRequest.
         * @constructor
         * @param {weft.BlockRequest.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const BlockRequest = function (properties) {
            this.cids = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * BlockRequest id.
         * @member {number} id
         * @memberof weft.BlockRequest
         * @instance
         */
        BlockRequest.prototype.id = 0;

        /**
         * BlockRequest cids.
         * @member {Array.<Uint8Array>} cids
         * @memberof weft.BlockRequest
         * @instance
         */
        BlockRequest.prototype.cids = $util.emptyArray;

        /**
         * Creates a new BlockRequest instance using the specified properties.
         * @function create
         * @memberof weft.BlockRequest
         * @static
         * @param {weft.BlockRequest.$Properties=} [properties] Properties to set
         * @returns {weft.BlockRequest} BlockRequest instance
         * @type {{
         *   (properties: weft.BlockRequest.$Shape): weft.BlockRequest & weft.BlockRequest.$Shape;
         *   (properties?: weft.BlockRequest.$Properties): weft.BlockRequest;
         * }}
         */
        BlockRequest.create = function(properties) {
            return new BlockRequest(properties);
        };

        /**
         * Encodes the specified BlockRequest message. Does not implicitly {@link weft.BlockRequest.verify|verify} messages.
         * @function encode
         * @memberof weft.BlockRequest
         * @static
         * @param {weft.BlockRequest.$Properties} message BlockRequest message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        BlockRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.id);
            if (message.cids != null && message.cids.length)
                for (let i = 0; i < message.cids.length; ++i)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.cids[i]);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a BlockRequest message from the specified reader or buffer.
         * @function decode
         * @memberof weft.BlockRequest
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.BlockRequest & weft.BlockRequest.$Shape} BlockRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        BlockRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.BlockRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.id = value;
                        else
                            delete message.id;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.cids && message.cids.length))
                            message.cids = [];
                        message.cids.push(reader.bytes());
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return BlockRequest;
    })();

    weft.BlockResponse = (function() {

        /**
         * Properties of a BlockResponse.
         * @typedef {Object} weft.BlockResponse.$Properties
         * @property {number|null} [id] BlockResponse id
         * @property {Uint8Array|null} [cid] BlockResponse cid
         * @property {Uint8Array|null} [data] BlockResponse data
         * @property {boolean|null} [missing] BlockResponse missing
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a BlockResponse.
         * @memberof weft
         * @interface IBlockResponse
         * @augments weft.BlockResponse.$Properties
         * @deprecated Use weft.BlockResponse.$Properties instead.
         */

        /**
         * Shape of a BlockResponse.
         * @typedef {weft.BlockResponse.$Properties} weft.BlockResponse.$Shape
         */

        /**
         * Constructs a new BlockResponse.
         * @memberof weft
         * @classdesc Represents a BlockResponse.
         * @constructor
         * @param {weft.BlockResponse.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const BlockResponse = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * BlockResponse id.
         * @member {number} id
         * @memberof weft.BlockResponse
         * @instance
         */
        BlockResponse.prototype.id = 0;

        /**
         * BlockResponse cid.
         * @member {Uint8Array} cid
         * @memberof weft.BlockResponse
         * @instance
         */
        BlockResponse.prototype.cid = $util.newBuffer([]);

        /**
         * BlockResponse data.
         * @member {Uint8Array} data
         * @memberof weft.BlockResponse
         * @instance
         */
        BlockResponse.prototype.data = $util.newBuffer([]);

        /**
         * BlockResponse missing.
         * @member {boolean} missing
         * @memberof weft.BlockResponse
         * @instance
         */
        BlockResponse.prototype.missing = false;

        /**
         * Creates a new BlockResponse instance using the specified properties.
         * @function create
         * @memberof weft.BlockResponse
         * @static
         * @param {weft.BlockResponse.$Properties=} [properties] Properties to set
         * @returns {weft.BlockResponse} BlockResponse instance
         * @type {{
         *   (properties: weft.BlockResponse.$Shape): weft.BlockResponse & weft.BlockResponse.$Shape;
         *   (properties?: weft.BlockResponse.$Properties): weft.BlockResponse;
         * }}
         */
        BlockResponse.create = function(properties) {
            return new BlockResponse(properties);
        };

        /**
         * Encodes the specified BlockResponse message. Does not implicitly {@link weft.BlockResponse.verify|verify} messages.
         * @function encode
         * @memberof weft.BlockResponse
         * @static
         * @param {weft.BlockResponse.$Properties} message BlockResponse message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        BlockResponse.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.id);
            if (message.cid != null && $Object.hasOwnProperty.call(message, "cid") && message.cid.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.cid);
            if (message.data != null && $Object.hasOwnProperty.call(message, "data") && message.data.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.data);
            if (message.missing != null && $Object.hasOwnProperty.call(message, "missing") && message.missing !== false)
                writer.uint32(/* id 4, wireType 0 =*/32).bool(message.missing);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a BlockResponse message from the specified reader or buffer.
         * @function decode
         * @memberof weft.BlockResponse
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.BlockResponse & weft.BlockResponse.$Shape} BlockResponse
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        BlockResponse.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.BlockResponse();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.id = value;
                        else
                            delete message.id;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.cid = value;
                        else
                            delete message.cid;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.data = value;
                        else
                            delete message.data;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.missing = value;
                        else
                            delete message.missing;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return BlockResponse;
    })();

    weft.OutputRequest = (function() {

        /**
         * Properties of an OutputRequest.
         * @typedef {Object} weft.OutputRequest.$Properties
         * @property {Uint8Array|null} [leaseId] OutputRequest leaseId
         * @property {Long|null} [offset] OutputRequest offset
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of an OutputRequest.
         * @memberof weft
         * @interface IOutputRequest
         * @augments weft.OutputRequest.$Properties
         * @deprecated Use weft.OutputRequest.$Properties instead.
         */

        /**
         * Shape of an OutputRequest.
         * @typedef {weft.OutputRequest.$Properties} weft.OutputRequest.$Shape
         */

        /**
         * Constructs a new OutputRequest.
         * @memberof weft
         * @classdesc Represents an OutputRequest.
         * @constructor
         * @param {weft.OutputRequest.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const OutputRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * OutputRequest leaseId.
         * @member {Uint8Array} leaseId
         * @memberof weft.OutputRequest
         * @instance
         */
        OutputRequest.prototype.leaseId = $util.newBuffer([]);

        /**
         * OutputRequest offset.
         * @member {Long} offset
         * @memberof weft.OutputRequest
         * @instance
         */
        OutputRequest.prototype.offset = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Creates a new OutputRequest instance using the specified properties.
         * @function create
         * @memberof weft.OutputRequest
         * @static
         * @param {weft.OutputRequest.$Properties=} [properties] Properties to set
         * @returns {weft.OutputRequest} OutputRequest instance
         * @type {{
         *   (properties: weft.OutputRequest.$Shape): weft.OutputRequest & weft.OutputRequest.$Shape;
         *   (properties?: weft.OutputRequest.$Properties): weft.OutputRequest;
         * }}
         */
        OutputRequest.create = function(properties) {
            return new OutputRequest(properties);
        };

        /**
         * Encodes the specified OutputRequest message. Does not implicitly {@link weft.OutputRequest.verify|verify} messages.
         * @function encode
         * @memberof weft.OutputRequest
         * @static
         * @param {weft.OutputRequest.$Properties} message OutputRequest message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        OutputRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.leaseId != null && $Object.hasOwnProperty.call(message, "leaseId") && message.leaseId.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.leaseId);
            if (message.offset != null && $Object.hasOwnProperty.call(message, "offset") && (typeof message.offset === "object" ? message.offset.low || message.offset.high : message.offset !== 0))
                writer.uint32(/* id 2, wireType 0 =*/16).uint64(message.offset);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes an OutputRequest message from the specified reader or buffer.
         * @function decode
         * @memberof weft.OutputRequest
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.OutputRequest & weft.OutputRequest.$Shape} OutputRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        OutputRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.OutputRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.leaseId = value;
                        else
                            delete message.leaseId;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.offset = value;
                        else
                            delete message.offset;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return OutputRequest;
    })();

    weft.ImageRequest = (function() {

        /**
         * Properties of an ImageRequest.
         * @typedef {Object} weft.ImageRequest.$Properties
         * @property {Uint8Array|null} [leaseId] ImageRequest leaseId
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of an ImageRequest.
         * @memberof weft
         * @interface IImageRequest
         * @augments weft.ImageRequest.$Properties
         * @deprecated Use weft.ImageRequest.$Properties instead.
         */

        /**
         * Shape of an ImageRequest.
         * @typedef {weft.ImageRequest.$Properties} weft.ImageRequest.$Shape
         */

        /**
         * Constructs a new ImageRequest.
         * @memberof weft
         * @classdesc Represents an ImageRequest.
         * @constructor
         * @param {weft.ImageRequest.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const ImageRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * ImageRequest leaseId.
         * @member {Uint8Array} leaseId
         * @memberof weft.ImageRequest
         * @instance
         */
        ImageRequest.prototype.leaseId = $util.newBuffer([]);

        /**
         * Creates a new ImageRequest instance using the specified properties.
         * @function create
         * @memberof weft.ImageRequest
         * @static
         * @param {weft.ImageRequest.$Properties=} [properties] Properties to set
         * @returns {weft.ImageRequest} ImageRequest instance
         * @type {{
         *   (properties: weft.ImageRequest.$Shape): weft.ImageRequest & weft.ImageRequest.$Shape;
         *   (properties?: weft.ImageRequest.$Properties): weft.ImageRequest;
         * }}
         */
        ImageRequest.create = function(properties) {
            return new ImageRequest(properties);
        };

        /**
         * Encodes the specified ImageRequest message. Does not implicitly {@link weft.ImageRequest.verify|verify} messages.
         * @function encode
         * @memberof weft.ImageRequest
         * @static
         * @param {weft.ImageRequest.$Properties} message ImageRequest message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        ImageRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.leaseId != null && $Object.hasOwnProperty.call(message, "leaseId") && message.leaseId.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.leaseId);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes an ImageRequest message from the specified reader or buffer.
         * @function decode
         * @memberof weft.ImageRequest
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.ImageRequest & weft.ImageRequest.$Shape} ImageRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        ImageRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.ImageRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.leaseId = value;
                        else
                            delete message.leaseId;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return ImageRequest;
    })();

    /**
     * ImagePhase enum.
     * @name weft.ImagePhase
     * @enum {number}
     * @property {number} IMAGE_NONE=0 IMAGE_NONE value
     * @property {number} IMAGE_SAVING=1 IMAGE_SAVING value
     * @property {number} IMAGE_READY=2 IMAGE_READY value
     * @property {number} IMAGE_UNAVAILABLE=3 IMAGE_UNAVAILABLE value
     */
    weft.ImagePhase = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "IMAGE_NONE"] = 0;
        values[valuesById[1] = "IMAGE_SAVING"] = 1;
        values[valuesById[2] = "IMAGE_READY"] = 2;
        values[valuesById[3] = "IMAGE_UNAVAILABLE"] = 3;
        return values;
    })();

    weft.ImageAnswer = (function() {

        /**
         * Properties of an ImageAnswer.
         * @typedef {Object} weft.ImageAnswer.$Properties
         * @property {weft.ImagePhase|null} [phase] ImageAnswer phase
         * @property {Uint8Array|null} [cid] ImageAnswer cid
         * @property {Long|null} [bytes] ImageAnswer bytes
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of an ImageAnswer.
         * @memberof weft
         * @interface IImageAnswer
         * @augments weft.ImageAnswer.$Properties
         * @deprecated Use weft.ImageAnswer.$Properties instead.
         */

        /**
         * Shape of an ImageAnswer.
         * @typedef {weft.ImageAnswer.$Properties} weft.ImageAnswer.$Shape
         */

        /**
         * Constructs a new ImageAnswer.
         * @memberof weft
         * @classdesc Represents an ImageAnswer.
         * @constructor
         * @param {weft.ImageAnswer.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const ImageAnswer = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * ImageAnswer phase.
         * @member {weft.ImagePhase} phase
         * @memberof weft.ImageAnswer
         * @instance
         */
        ImageAnswer.prototype.phase = 0;

        /**
         * ImageAnswer cid.
         * @member {Uint8Array} cid
         * @memberof weft.ImageAnswer
         * @instance
         */
        ImageAnswer.prototype.cid = $util.newBuffer([]);

        /**
         * ImageAnswer bytes.
         * @member {Long} bytes
         * @memberof weft.ImageAnswer
         * @instance
         */
        ImageAnswer.prototype.bytes = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Creates a new ImageAnswer instance using the specified properties.
         * @function create
         * @memberof weft.ImageAnswer
         * @static
         * @param {weft.ImageAnswer.$Properties=} [properties] Properties to set
         * @returns {weft.ImageAnswer} ImageAnswer instance
         * @type {{
         *   (properties: weft.ImageAnswer.$Shape): weft.ImageAnswer & weft.ImageAnswer.$Shape;
         *   (properties?: weft.ImageAnswer.$Properties): weft.ImageAnswer;
         * }}
         */
        ImageAnswer.create = function(properties) {
            return new ImageAnswer(properties);
        };

        /**
         * Encodes the specified ImageAnswer message. Does not implicitly {@link weft.ImageAnswer.verify|verify} messages.
         * @function encode
         * @memberof weft.ImageAnswer
         * @static
         * @param {weft.ImageAnswer.$Properties} message ImageAnswer message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        ImageAnswer.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.phase != null && $Object.hasOwnProperty.call(message, "phase") && message.phase !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).int32(message.phase);
            if (message.cid != null && $Object.hasOwnProperty.call(message, "cid") && message.cid.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.cid);
            if (message.bytes != null && $Object.hasOwnProperty.call(message, "bytes") && (typeof message.bytes === "object" ? message.bytes.low || message.bytes.high : message.bytes !== 0))
                writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.bytes);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes an ImageAnswer message from the specified reader or buffer.
         * @function decode
         * @memberof weft.ImageAnswer
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.ImageAnswer & weft.ImageAnswer.$Shape} ImageAnswer
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        ImageAnswer.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.ImageAnswer();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.phase = value;
                        else
                            delete message.phase;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.cid = value;
                        else
                            delete message.cid;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.bytes = value;
                        else
                            delete message.bytes;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return ImageAnswer;
    })();

    weft.Envelope = (function() {

        /**
         * Properties of an Envelope.
         * @typedef {Object} weft.Envelope.$Properties
         * @property {Uint8Array|null} [publicKey] Envelope publicKey
         * @property {Uint8Array|null} [payloadType] Envelope payloadType
         * @property {Uint8Array|null} [payload] Envelope payload
         * @property {Uint8Array|null} [signature] Envelope signature
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of an Envelope.
         * @memberof weft
         * @interface IEnvelope
         * @augments weft.Envelope.$Properties
         * @deprecated Use weft.Envelope.$Properties instead.
         */

        /**
         * Shape of an Envelope.
         * @typedef {weft.Envelope.$Properties} weft.Envelope.$Shape
         */

        /**
         * Constructs a new Envelope.
         * @memberof weft
         * @classdesc Represents an Envelope.
         * @constructor
         * @param {weft.Envelope.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Envelope = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Envelope publicKey.
         * @member {Uint8Array} publicKey
         * @memberof weft.Envelope
         * @instance
         */
        Envelope.prototype.publicKey = $util.newBuffer([]);

        /**
         * Envelope payloadType.
         * @member {Uint8Array} payloadType
         * @memberof weft.Envelope
         * @instance
         */
        Envelope.prototype.payloadType = $util.newBuffer([]);

        /**
         * Envelope payload.
         * @member {Uint8Array} payload
         * @memberof weft.Envelope
         * @instance
         */
        Envelope.prototype.payload = $util.newBuffer([]);

        /**
         * Envelope signature.
         * @member {Uint8Array} signature
         * @memberof weft.Envelope
         * @instance
         */
        Envelope.prototype.signature = $util.newBuffer([]);

        /**
         * Creates a new Envelope instance using the specified properties.
         * @function create
         * @memberof weft.Envelope
         * @static
         * @param {weft.Envelope.$Properties=} [properties] Properties to set
         * @returns {weft.Envelope} Envelope instance
         * @type {{
         *   (properties: weft.Envelope.$Shape): weft.Envelope & weft.Envelope.$Shape;
         *   (properties?: weft.Envelope.$Properties): weft.Envelope;
         * }}
         */
        Envelope.create = function(properties) {
            return new Envelope(properties);
        };

        /**
         * Encodes the specified Envelope message. Does not implicitly {@link weft.Envelope.verify|verify} messages.
         * @function encode
         * @memberof weft.Envelope
         * @static
         * @param {weft.Envelope.$Properties} message Envelope message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Envelope.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.publicKey != null && $Object.hasOwnProperty.call(message, "publicKey") && message.publicKey.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.publicKey);
            if (message.payloadType != null && $Object.hasOwnProperty.call(message, "payloadType") && message.payloadType.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.payloadType);
            if (message.payload != null && $Object.hasOwnProperty.call(message, "payload") && message.payload.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.payload);
            if (message.signature != null && $Object.hasOwnProperty.call(message, "signature") && message.signature.length)
                writer.uint32(/* id 5, wireType 2 =*/42).bytes(message.signature);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes an Envelope message from the specified reader or buffer.
         * @function decode
         * @memberof weft.Envelope
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.Envelope & weft.Envelope.$Shape} Envelope
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Envelope.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.Envelope();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.publicKey = value;
                        else
                            delete message.publicKey;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.payloadType = value;
                        else
                            delete message.payloadType;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.payload = value;
                        else
                            delete message.payload;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.signature = value;
                        else
                            delete message.signature;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Envelope;
    })();

    weft.Award = (function() {

        /**
         * Properties of an Award.
         * @typedef {Object} weft.Award.$Properties
         * @property {Uint8Array|null} [orderId] Award orderId
         * @property {Uint8Array|null} [bidId] Award bidId
         * @property {string|null} [provider] Award provider
         * @property {weft.Resources.$Properties|null} [resources] Award resources
         * @property {weft.Prices.$Properties|null} [prices] Award prices
         * @property {weft.Terms.$Properties|null} [terms] Award terms
         * @property {Long|null} [maxTotal] Award maxTotal
         * @property {Long|null} [maxRunMs] Award maxRunMs
         * @property {number|null} [deliverByMs] Award deliverByMs
         * @property {Long|null} [outputBytesMax] Award outputBytesMax
         * @property {Uint8Array|null} [nonce] Award nonce
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of an Award.
         * @memberof weft
         * @interface IAward
         * @augments weft.Award.$Properties
         * @deprecated Use weft.Award.$Properties instead.
         */

        /**
         * Shape of an Award.
         * @typedef {weft.Award.$Properties} weft.Award.$Shape
         */

        /**
         * Constructs a new Award.
         * @memberof weft
         * @classdesc Represents an Award.
         * @constructor
         * @param {weft.Award.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Award = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Award orderId.
         * @member {Uint8Array} orderId
         * @memberof weft.Award
         * @instance
         */
        Award.prototype.orderId = $util.newBuffer([]);

        /**
         * Award bidId.
         * @member {Uint8Array} bidId
         * @memberof weft.Award
         * @instance
         */
        Award.prototype.bidId = $util.newBuffer([]);

        /**
         * Award provider.
         * @member {string} provider
         * @memberof weft.Award
         * @instance
         */
        Award.prototype.provider = "";

        /**
         * Award resources.
         * @member {weft.Resources.$Properties|null|undefined} resources
         * @memberof weft.Award
         * @instance
         */
        Award.prototype.resources = null;

        /**
         * Award prices.
         * @member {weft.Prices.$Properties|null|undefined} prices
         * @memberof weft.Award
         * @instance
         */
        Award.prototype.prices = null;

        /**
         * Award terms.
         * @member {weft.Terms.$Properties|null|undefined} terms
         * @memberof weft.Award
         * @instance
         */
        Award.prototype.terms = null;

        /**
         * Award maxTotal.
         * @member {Long} maxTotal
         * @memberof weft.Award
         * @instance
         */
        Award.prototype.maxTotal = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Award maxRunMs.
         * @member {Long} maxRunMs
         * @memberof weft.Award
         * @instance
         */
        Award.prototype.maxRunMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Award deliverByMs.
         * @member {number} deliverByMs
         * @memberof weft.Award
         * @instance
         */
        Award.prototype.deliverByMs = 0;

        /**
         * Award outputBytesMax.
         * @member {Long} outputBytesMax
         * @memberof weft.Award
         * @instance
         */
        Award.prototype.outputBytesMax = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Award nonce.
         * @member {Uint8Array} nonce
         * @memberof weft.Award
         * @instance
         */
        Award.prototype.nonce = $util.newBuffer([]);

        /**
         * Creates a new Award instance using the specified properties.
         * @function create
         * @memberof weft.Award
         * @static
         * @param {weft.Award.$Properties=} [properties] Properties to set
         * @returns {weft.Award} Award instance
         * @type {{
         *   (properties: weft.Award.$Shape): weft.Award & weft.Award.$Shape;
         *   (properties?: weft.Award.$Properties): weft.Award;
         * }}
         */
        Award.create = function(properties) {
            return new Award(properties);
        };

        /**
         * Encodes the specified Award message. Does not implicitly {@link weft.Award.verify|verify} messages.
         * @function encode
         * @memberof weft.Award
         * @static
         * @param {weft.Award.$Properties} message Award message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Award.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.orderId != null && $Object.hasOwnProperty.call(message, "orderId") && message.orderId.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.orderId);
            if (message.bidId != null && $Object.hasOwnProperty.call(message, "bidId") && message.bidId.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.bidId);
            if (message.provider != null && $Object.hasOwnProperty.call(message, "provider") && message.provider !== "")
                writer.uint32(/* id 3, wireType 2 =*/26).string(message.provider);
            if (message.resources != null && $Object.hasOwnProperty.call(message, "resources"))
                $root.weft.Resources.encode(message.resources, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
            if (message.prices != null && $Object.hasOwnProperty.call(message, "prices"))
                $root.weft.Prices.encode(message.prices, writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
            if (message.terms != null && $Object.hasOwnProperty.call(message, "terms"))
                $root.weft.Terms.encode(message.terms, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
            if (message.maxTotal != null && $Object.hasOwnProperty.call(message, "maxTotal") && (typeof message.maxTotal === "object" ? message.maxTotal.low || message.maxTotal.high : message.maxTotal !== 0))
                writer.uint32(/* id 7, wireType 0 =*/56).uint64(message.maxTotal);
            if (message.maxRunMs != null && $Object.hasOwnProperty.call(message, "maxRunMs") && (typeof message.maxRunMs === "object" ? message.maxRunMs.low || message.maxRunMs.high : message.maxRunMs !== 0))
                writer.uint32(/* id 8, wireType 0 =*/64).uint64(message.maxRunMs);
            if (message.deliverByMs != null && $Object.hasOwnProperty.call(message, "deliverByMs") && message.deliverByMs !== 0)
                writer.uint32(/* id 9, wireType 0 =*/72).uint32(message.deliverByMs);
            if (message.outputBytesMax != null && $Object.hasOwnProperty.call(message, "outputBytesMax") && (typeof message.outputBytesMax === "object" ? message.outputBytesMax.low || message.outputBytesMax.high : message.outputBytesMax !== 0))
                writer.uint32(/* id 10, wireType 0 =*/80).uint64(message.outputBytesMax);
            if (message.nonce != null && $Object.hasOwnProperty.call(message, "nonce") && message.nonce.length)
                writer.uint32(/* id 11, wireType 2 =*/90).bytes(message.nonce);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes an Award message from the specified reader or buffer.
         * @function decode
         * @memberof weft.Award
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.Award & weft.Award.$Shape} Award
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Award.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.Award();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.orderId = value;
                        else
                            delete message.orderId;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.bidId = value;
                        else
                            delete message.bidId;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.provider = value;
                        else
                            delete message.provider;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        message.resources = $root.weft.Resources.decode(reader, reader.size(), $undefined, _depth + 1, message.resources);
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        message.prices = $root.weft.Prices.decode(reader, reader.size(), $undefined, _depth + 1, message.prices);
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        message.terms = $root.weft.Terms.decode(reader, reader.size(), $undefined, _depth + 1, message.terms);
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.maxTotal = value;
                        else
                            delete message.maxTotal;
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.maxRunMs = value;
                        else
                            delete message.maxRunMs;
                        continue;
                    }
                case 9: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.deliverByMs = value;
                        else
                            delete message.deliverByMs;
                        continue;
                    }
                case 10: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.outputBytesMax = value;
                        else
                            delete message.outputBytesMax;
                        continue;
                    }
                case 11: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.nonce = value;
                        else
                            delete message.nonce;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Award;
    })();

    weft.Acceptance = (function() {

        /**
         * Properties of an Acceptance.
         * @typedef {Object} weft.Acceptance.$Properties
         * @property {Uint8Array|null} [leaseId] Acceptance leaseId
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of an Acceptance.
         * @memberof weft
         * @interface IAcceptance
         * @augments weft.Acceptance.$Properties
         * @deprecated Use weft.Acceptance.$Properties instead.
         */

        /**
         * Shape of an Acceptance.
         * @typedef {weft.Acceptance.$Properties} weft.Acceptance.$Shape
         */

        /**
         * Constructs a new Acceptance.
         * @memberof weft
         * @classdesc Represents an Acceptance.
         * @constructor
         * @param {weft.Acceptance.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Acceptance = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Acceptance leaseId.
         * @member {Uint8Array} leaseId
         * @memberof weft.Acceptance
         * @instance
         */
        Acceptance.prototype.leaseId = $util.newBuffer([]);

        /**
         * Creates a new Acceptance instance using the specified properties.
         * @function create
         * @memberof weft.Acceptance
         * @static
         * @param {weft.Acceptance.$Properties=} [properties] Properties to set
         * @returns {weft.Acceptance} Acceptance instance
         * @type {{
         *   (properties: weft.Acceptance.$Shape): weft.Acceptance & weft.Acceptance.$Shape;
         *   (properties?: weft.Acceptance.$Properties): weft.Acceptance;
         * }}
         */
        Acceptance.create = function(properties) {
            return new Acceptance(properties);
        };

        /**
         * Encodes the specified Acceptance message. Does not implicitly {@link weft.Acceptance.verify|verify} messages.
         * @function encode
         * @memberof weft.Acceptance
         * @static
         * @param {weft.Acceptance.$Properties} message Acceptance message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Acceptance.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.leaseId != null && $Object.hasOwnProperty.call(message, "leaseId") && message.leaseId.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.leaseId);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes an Acceptance message from the specified reader or buffer.
         * @function decode
         * @memberof weft.Acceptance
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.Acceptance & weft.Acceptance.$Shape} Acceptance
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Acceptance.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.Acceptance();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.leaseId = value;
                        else
                            delete message.leaseId;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Acceptance;
    })();

    weft.AwardRefusal = (function() {

        /**
         * Properties of an AwardRefusal.
         * @typedef {Object} weft.AwardRefusal.$Properties
         * @property {Uint8Array|null} [leaseId] AwardRefusal leaseId
         * @property {weft.Reason|null} [reason] AwardRefusal reason
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of an AwardRefusal.
         * @memberof weft
         * @interface IAwardRefusal
         * @augments weft.AwardRefusal.$Properties
         * @deprecated Use weft.AwardRefusal.$Properties instead.
         */

        /**
         * Shape of an AwardRefusal.
         * @typedef {weft.AwardRefusal.$Properties} weft.AwardRefusal.$Shape
         */

        /**
         * Constructs a new AwardRefusal.
         * @memberof weft
         * @classdesc Represents an AwardRefusal.
         * @constructor
         * @param {weft.AwardRefusal.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const AwardRefusal = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * AwardRefusal leaseId.
         * @member {Uint8Array} leaseId
         * @memberof weft.AwardRefusal
         * @instance
         */
        AwardRefusal.prototype.leaseId = $util.newBuffer([]);

        /**
         * AwardRefusal reason.
         * @member {weft.Reason} reason
         * @memberof weft.AwardRefusal
         * @instance
         */
        AwardRefusal.prototype.reason = 0;

        /**
         * Creates a new AwardRefusal instance using the specified properties.
         * @function create
         * @memberof weft.AwardRefusal
         * @static
         * @param {weft.AwardRefusal.$Properties=} [properties] Properties to set
         * @returns {weft.AwardRefusal} AwardRefusal instance
         * @type {{
         *   (properties: weft.AwardRefusal.$Shape): weft.AwardRefusal & weft.AwardRefusal.$Shape;
         *   (properties?: weft.AwardRefusal.$Properties): weft.AwardRefusal;
         * }}
         */
        AwardRefusal.create = function(properties) {
            return new AwardRefusal(properties);
        };

        /**
         * Encodes the specified AwardRefusal message. Does not implicitly {@link weft.AwardRefusal.verify|verify} messages.
         * @function encode
         * @memberof weft.AwardRefusal
         * @static
         * @param {weft.AwardRefusal.$Properties} message AwardRefusal message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        AwardRefusal.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.leaseId != null && $Object.hasOwnProperty.call(message, "leaseId") && message.leaseId.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.leaseId);
            if (message.reason != null && $Object.hasOwnProperty.call(message, "reason") && message.reason !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).int32(message.reason);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes an AwardRefusal message from the specified reader or buffer.
         * @function decode
         * @memberof weft.AwardRefusal
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.AwardRefusal & weft.AwardRefusal.$Shape} AwardRefusal
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        AwardRefusal.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.AwardRefusal();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.leaseId = value;
                        else
                            delete message.leaseId;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.reason = value;
                        else
                            delete message.reason;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return AwardRefusal;
    })();

    weft.EnvVar = (function() {

        /**
         * Properties of an EnvVar.
         * @typedef {Object} weft.EnvVar.$Properties
         * @property {string|null} [name] EnvVar name
         * @property {string|null} [value] EnvVar value
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of an EnvVar.
         * @memberof weft
         * @interface IEnvVar
         * @augments weft.EnvVar.$Properties
         * @deprecated Use weft.EnvVar.$Properties instead.
         */

        /**
         * Shape of an EnvVar.
         * @typedef {weft.EnvVar.$Properties} weft.EnvVar.$Shape
         */

        /**
         * Constructs a new EnvVar.
         * @memberof weft
         * @classdesc Represents an EnvVar.
         * @constructor
         * @param {weft.EnvVar.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const EnvVar = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * EnvVar name.
         * @member {string} name
         * @memberof weft.EnvVar
         * @instance
         */
        EnvVar.prototype.name = "";

        /**
         * EnvVar value.
         * @member {string} value
         * @memberof weft.EnvVar
         * @instance
         */
        EnvVar.prototype.value = "";

        /**
         * Creates a new EnvVar instance using the specified properties.
         * @function create
         * @memberof weft.EnvVar
         * @static
         * @param {weft.EnvVar.$Properties=} [properties] Properties to set
         * @returns {weft.EnvVar} EnvVar instance
         * @type {{
         *   (properties: weft.EnvVar.$Shape): weft.EnvVar & weft.EnvVar.$Shape;
         *   (properties?: weft.EnvVar.$Properties): weft.EnvVar;
         * }}
         */
        EnvVar.create = function(properties) {
            return new EnvVar(properties);
        };

        /**
         * Encodes the specified EnvVar message. Does not implicitly {@link weft.EnvVar.verify|verify} messages.
         * @function encode
         * @memberof weft.EnvVar
         * @static
         * @param {weft.EnvVar.$Properties} message EnvVar message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        EnvVar.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.name);
            if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value !== "")
                writer.uint32(/* id 2, wireType 2 =*/18).string(message.value);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes an EnvVar message from the specified reader or buffer.
         * @function decode
         * @memberof weft.EnvVar
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.EnvVar & weft.EnvVar.$Shape} EnvVar
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        EnvVar.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.EnvVar();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.value = value;
                        else
                            delete message.value;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return EnvVar;
    })();

    weft.Mount = (function() {

        /**
         * Properties of a Mount.
         * @typedef {Object} weft.Mount.$Properties
         * @property {string|null} [path] Mount path
         * @property {Uint8Array|null} [cid] Mount cid
         * @property {boolean|null} [readOnly] Mount readOnly
         * @property {Long|null} [bytes] Mount bytes
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Mount.
         * @memberof weft
         * @interface IMount
         * @augments weft.Mount.$Properties
         * @deprecated Use weft.Mount.$Properties instead.
         */

        /**
         * Shape of a Mount.
         * @typedef {weft.Mount.$Properties} weft.Mount.$Shape
         */

        /**
         * Constructs a new Mount.
         * @memberof weft
         * @classdesc Represents a Mount.
         * @constructor
         * @param {weft.Mount.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Mount = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Mount path.
         * @member {string} path
         * @memberof weft.Mount
         * @instance
         */
        Mount.prototype.path = "";

        /**
         * Mount cid.
         * @member {Uint8Array} cid
         * @memberof weft.Mount
         * @instance
         */
        Mount.prototype.cid = $util.newBuffer([]);

        /**
         * Mount readOnly.
         * @member {boolean} readOnly
         * @memberof weft.Mount
         * @instance
         */
        Mount.prototype.readOnly = false;

        /**
         * Mount bytes.
         * @member {Long} bytes
         * @memberof weft.Mount
         * @instance
         */
        Mount.prototype.bytes = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Creates a new Mount instance using the specified properties.
         * @function create
         * @memberof weft.Mount
         * @static
         * @param {weft.Mount.$Properties=} [properties] Properties to set
         * @returns {weft.Mount} Mount instance
         * @type {{
         *   (properties: weft.Mount.$Shape): weft.Mount & weft.Mount.$Shape;
         *   (properties?: weft.Mount.$Properties): weft.Mount;
         * }}
         */
        Mount.create = function(properties) {
            return new Mount(properties);
        };

        /**
         * Encodes the specified Mount message. Does not implicitly {@link weft.Mount.verify|verify} messages.
         * @function encode
         * @memberof weft.Mount
         * @static
         * @param {weft.Mount.$Properties} message Mount message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Mount.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.path != null && $Object.hasOwnProperty.call(message, "path") && message.path !== "")
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.path);
            if (message.cid != null && $Object.hasOwnProperty.call(message, "cid") && message.cid.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.cid);
            if (message.readOnly != null && $Object.hasOwnProperty.call(message, "readOnly") && message.readOnly !== false)
                writer.uint32(/* id 3, wireType 0 =*/24).bool(message.readOnly);
            if (message.bytes != null && $Object.hasOwnProperty.call(message, "bytes") && (typeof message.bytes === "object" ? message.bytes.low || message.bytes.high : message.bytes !== 0))
                writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.bytes);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Mount message from the specified reader or buffer.
         * @function decode
         * @memberof weft.Mount
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.Mount & weft.Mount.$Shape} Mount
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Mount.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.Mount();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.path = value;
                        else
                            delete message.path;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.cid = value;
                        else
                            delete message.cid;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.readOnly = value;
                        else
                            delete message.readOnly;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.bytes = value;
                        else
                            delete message.bytes;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Mount;
    })();

    weft.Spec = (function() {

        /**
         * Properties of a Spec.
         * @typedef {Object} weft.Spec.$Properties
         * @property {string|null} [imageId] Spec imageId
         * @property {string|null} [imageReference] Spec imageReference
         * @property {string|null} [imagePull] Spec imagePull
         * @property {boolean|null} [imageFromRenter] Spec imageFromRenter
         * @property {Long|null} [imageBytes] Spec imageBytes
         * @property {Array.<string>|null} [command] Spec command
         * @property {Array.<weft.EnvVar.$Properties>|null} [env] Spec env
         * @property {string|null} [workdir] Spec workdir
         * @property {Array.<weft.Mount.$Properties>|null} [inputs] Spec inputs
         * @property {Array.<weft.Mount.$Properties>|null} [outputs] Spec outputs
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Spec.
         * @memberof weft
         * @interface ISpec
         * @augments weft.Spec.$Properties
         * @deprecated Use weft.Spec.$Properties instead.
         */

        /**
         * Shape of a Spec.
         * @typedef {weft.Spec.$Properties} weft.Spec.$Shape
         */

        /**
         * Constructs a new Spec.
         * @memberof weft
         * @classdesc Represents a Spec.
         * @constructor
         * @param {weft.Spec.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Spec = function (properties) {
            this.command = [];
            this.env = [];
            this.inputs = [];
            this.outputs = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Spec imageId.
         * @member {string} imageId
         * @memberof weft.Spec
         * @instance
         */
        Spec.prototype.imageId = "";

        /**
         * Spec imageReference.
         * @member {string} imageReference
         * @memberof weft.Spec
         * @instance
         */
        Spec.prototype.imageReference = "";

        /**
         * Spec imagePull.
         * @member {string} imagePull
         * @memberof weft.Spec
         * @instance
         */
        Spec.prototype.imagePull = "";

        /**
         * Spec imageFromRenter.
         * @member {boolean} imageFromRenter
         * @memberof weft.Spec
         * @instance
         */
        Spec.prototype.imageFromRenter = false;

        /**
         * Spec imageBytes.
         * @member {Long} imageBytes
         * @memberof weft.Spec
         * @instance
         */
        Spec.prototype.imageBytes = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Spec command.
         * @member {Array.<string>} command
         * @memberof weft.Spec
         * @instance
         */
        Spec.prototype.command = $util.emptyArray;

        /**
         * Spec env.
         * @member {Array.<weft.EnvVar.$Properties>} env
         * @memberof weft.Spec
         * @instance
         */
        Spec.prototype.env = $util.emptyArray;

        /**
         * Spec workdir.
         * @member {string} workdir
         * @memberof weft.Spec
         * @instance
         */
        Spec.prototype.workdir = "";

        /**
         * Spec inputs.
         * @member {Array.<weft.Mount.$Properties>} inputs
         * @memberof weft.Spec
         * @instance
         */
        Spec.prototype.inputs = $util.emptyArray;

        /**
         * Spec outputs.
         * @member {Array.<weft.Mount.$Properties>} outputs
         * @memberof weft.Spec
         * @instance
         */
        Spec.prototype.outputs = $util.emptyArray;

        /**
         * Creates a new Spec instance using the specified properties.
         * @function create
         * @memberof weft.Spec
         * @static
         * @param {weft.Spec.$Properties=} [properties] Properties to set
         * @returns {weft.Spec} Spec instance
         * @type {{
         *   (properties: weft.Spec.$Shape): weft.Spec & weft.Spec.$Shape;
         *   (properties?: weft.Spec.$Properties): weft.Spec;
         * }}
         */
        Spec.create = function(properties) {
            return new Spec(properties);
        };

        /**
         * Encodes the specified Spec message. Does not implicitly {@link weft.Spec.verify|verify} messages.
         * @function encode
         * @memberof weft.Spec
         * @static
         * @param {weft.Spec.$Properties} message Spec message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Spec.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.imageId != null && $Object.hasOwnProperty.call(message, "imageId") && message.imageId !== "")
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.imageId);
            if (message.imageReference != null && $Object.hasOwnProperty.call(message, "imageReference") && message.imageReference !== "")
                writer.uint32(/* id 2, wireType 2 =*/18).string(message.imageReference);
            if (message.imagePull != null && $Object.hasOwnProperty.call(message, "imagePull") && message.imagePull !== "")
                writer.uint32(/* id 3, wireType 2 =*/26).string(message.imagePull);
            if (message.imageFromRenter != null && $Object.hasOwnProperty.call(message, "imageFromRenter") && message.imageFromRenter !== false)
                writer.uint32(/* id 4, wireType 0 =*/32).bool(message.imageFromRenter);
            if (message.imageBytes != null && $Object.hasOwnProperty.call(message, "imageBytes") && (typeof message.imageBytes === "object" ? message.imageBytes.low || message.imageBytes.high : message.imageBytes !== 0))
                writer.uint32(/* id 5, wireType 0 =*/40).uint64(message.imageBytes);
            if (message.command != null && message.command.length)
                for (let i = 0; i < message.command.length; ++i)
                    writer.uint32(/* id 6, wireType 2 =*/50).string(message.command[i]);
            if (message.env != null && message.env.length)
                for (let i = 0; i < message.env.length; ++i)
                    $root.weft.EnvVar.encode(message.env[i], writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
            if (message.workdir != null && $Object.hasOwnProperty.call(message, "workdir") && message.workdir !== "")
                writer.uint32(/* id 8, wireType 2 =*/66).string(message.workdir);
            if (message.inputs != null && message.inputs.length)
                for (let i = 0; i < message.inputs.length; ++i)
                    $root.weft.Mount.encode(message.inputs[i], writer.uint32(/* id 9, wireType 2 =*/74).fork(), _depth + 1).ldelim();
            if (message.outputs != null && message.outputs.length)
                for (let i = 0; i < message.outputs.length; ++i)
                    $root.weft.Mount.encode(message.outputs[i], writer.uint32(/* id 10, wireType 2 =*/82).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Spec message from the specified reader or buffer.
         * @function decode
         * @memberof weft.Spec
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.Spec & weft.Spec.$Shape} Spec
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Spec.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.Spec();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.imageId = value;
                        else
                            delete message.imageId;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.imageReference = value;
                        else
                            delete message.imageReference;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.imagePull = value;
                        else
                            delete message.imagePull;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.imageFromRenter = value;
                        else
                            delete message.imageFromRenter;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.imageBytes = value;
                        else
                            delete message.imageBytes;
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        if (!(message.command && message.command.length))
                            message.command = [];
                        message.command.push(reader.stringVerify());
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        if (!(message.env && message.env.length))
                            message.env = [];
                        message.env.push($root.weft.EnvVar.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.workdir = value;
                        else
                            delete message.workdir;
                        continue;
                    }
                case 9: {
                        if (wireType !== 2)
                            break;
                        if (!(message.inputs && message.inputs.length))
                            message.inputs = [];
                        message.inputs.push($root.weft.Mount.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 10: {
                        if (wireType !== 2)
                            break;
                        if (!(message.outputs && message.outputs.length))
                            message.outputs = [];
                        message.outputs.push($root.weft.Mount.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Spec;
    })();

    weft.Manifest = (function() {

        /**
         * Properties of a Manifest.
         * @typedef {Object} weft.Manifest.$Properties
         * @property {Uint8Array|null} [leaseId] Manifest leaseId
         * @property {Uint8Array|null} [salt] Manifest salt
         * @property {Uint8Array|null} [spec] Manifest spec
         * @property {number|null} [permitMs] Manifest permitMs
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Manifest.
         * @memberof weft
         * @interface IManifest
         * @augments weft.Manifest.$Properties
         * @deprecated Use weft.Manifest.$Properties instead.
         */

        /**
         * Shape of a Manifest.
         * @typedef {weft.Manifest.$Properties} weft.Manifest.$Shape
         */

        /**
         * Constructs a new Manifest.
         * @memberof weft
         * @classdesc Represents a Manifest.
         * @constructor
         * @param {weft.Manifest.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Manifest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Manifest leaseId.
         * @member {Uint8Array} leaseId
         * @memberof weft.Manifest
         * @instance
         */
        Manifest.prototype.leaseId = $util.newBuffer([]);

        /**
         * Manifest salt.
         * @member {Uint8Array} salt
         * @memberof weft.Manifest
         * @instance
         */
        Manifest.prototype.salt = $util.newBuffer([]);

        /**
         * Manifest spec.
         * @member {Uint8Array} spec
         * @memberof weft.Manifest
         * @instance
         */
        Manifest.prototype.spec = $util.newBuffer([]);

        /**
         * Manifest permitMs.
         * @member {number} permitMs
         * @memberof weft.Manifest
         * @instance
         */
        Manifest.prototype.permitMs = 0;

        /**
         * Creates a new Manifest instance using the specified properties.
         * @function create
         * @memberof weft.Manifest
         * @static
         * @param {weft.Manifest.$Properties=} [properties] Properties to set
         * @returns {weft.Manifest} Manifest instance
         * @type {{
         *   (properties: weft.Manifest.$Shape): weft.Manifest & weft.Manifest.$Shape;
         *   (properties?: weft.Manifest.$Properties): weft.Manifest;
         * }}
         */
        Manifest.create = function(properties) {
            return new Manifest(properties);
        };

        /**
         * Encodes the specified Manifest message. Does not implicitly {@link weft.Manifest.verify|verify} messages.
         * @function encode
         * @memberof weft.Manifest
         * @static
         * @param {weft.Manifest.$Properties} message Manifest message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Manifest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.leaseId != null && $Object.hasOwnProperty.call(message, "leaseId") && message.leaseId.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.leaseId);
            if (message.salt != null && $Object.hasOwnProperty.call(message, "salt") && message.salt.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.salt);
            if (message.spec != null && $Object.hasOwnProperty.call(message, "spec") && message.spec.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.spec);
            if (message.permitMs != null && $Object.hasOwnProperty.call(message, "permitMs") && message.permitMs !== 0)
                writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.permitMs);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Manifest message from the specified reader or buffer.
         * @function decode
         * @memberof weft.Manifest
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.Manifest & weft.Manifest.$Shape} Manifest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Manifest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.Manifest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.leaseId = value;
                        else
                            delete message.leaseId;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.salt = value;
                        else
                            delete message.salt;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.spec = value;
                        else
                            delete message.spec;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.permitMs = value;
                        else
                            delete message.permitMs;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Manifest;
    })();

    /**
     * Phase enum.
     * @name weft.Phase
     * @enum {number}
     * @property {number} PHASE_NONE=0 PHASE_NONE value
     * @property {number} PHASE_DELIVERING=1 PHASE_DELIVERING value
     * @property {number} PHASE_STARTING=2 PHASE_STARTING value
     * @property {number} PHASE_RUNNING=3 PHASE_RUNNING value
     * @property {number} PHASE_PAUSED=4 PHASE_PAUSED value
     * @property {number} PHASE_STOPPING=5 PHASE_STOPPING value
     * @property {number} PHASE_COLLECTING=6 PHASE_COLLECTING value
     */
    weft.Phase = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "PHASE_NONE"] = 0;
        values[valuesById[1] = "PHASE_DELIVERING"] = 1;
        values[valuesById[2] = "PHASE_STARTING"] = 2;
        values[valuesById[3] = "PHASE_RUNNING"] = 3;
        values[valuesById[4] = "PHASE_PAUSED"] = 4;
        values[valuesById[5] = "PHASE_STOPPING"] = 5;
        values[valuesById[6] = "PHASE_COLLECTING"] = 6;
        return values;
    })();

    weft.Progress = (function() {

        /**
         * Properties of a Progress.
         * @typedef {Object} weft.Progress.$Properties
         * @property {Uint8Array|null} [leaseId] Progress leaseId
         * @property {weft.Phase|null} [phase] Progress phase
         * @property {Long|null} [done] Progress done
         * @property {Long|null} [total] Progress total
         * @property {string|null} [text] Progress text
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Progress.
         * @memberof weft
         * @interface IProgress
         * @augments weft.Progress.$Properties
         * @deprecated Use weft.Progress.$Properties instead.
         */

        /**
         * Shape of a Progress.
         * @typedef {weft.Progress.$Properties} weft.Progress.$Shape
         */

        /**
         * Constructs a new Progress.
         * @memberof weft
         * @classdesc Represents a Progress.
         * @constructor
         * @param {weft.Progress.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Progress = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Progress leaseId.
         * @member {Uint8Array} leaseId
         * @memberof weft.Progress
         * @instance
         */
        Progress.prototype.leaseId = $util.newBuffer([]);

        /**
         * Progress phase.
         * @member {weft.Phase} phase
         * @memberof weft.Progress
         * @instance
         */
        Progress.prototype.phase = 0;

        /**
         * Progress done.
         * @member {Long} done
         * @memberof weft.Progress
         * @instance
         */
        Progress.prototype.done = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Progress total.
         * @member {Long} total
         * @memberof weft.Progress
         * @instance
         */
        Progress.prototype.total = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Progress text.
         * @member {string} text
         * @memberof weft.Progress
         * @instance
         */
        Progress.prototype.text = "";

        /**
         * Creates a new Progress instance using the specified properties.
         * @function create
         * @memberof weft.Progress
         * @static
         * @param {weft.Progress.$Properties=} [properties] Properties to set
         * @returns {weft.Progress} Progress instance
         * @type {{
         *   (properties: weft.Progress.$Shape): weft.Progress & weft.Progress.$Shape;
         *   (properties?: weft.Progress.$Properties): weft.Progress;
         * }}
         */
        Progress.create = function(properties) {
            return new Progress(properties);
        };

        /**
         * Encodes the specified Progress message. Does not implicitly {@link weft.Progress.verify|verify} messages.
         * @function encode
         * @memberof weft.Progress
         * @static
         * @param {weft.Progress.$Properties} message Progress message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Progress.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.leaseId != null && $Object.hasOwnProperty.call(message, "leaseId") && message.leaseId.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.leaseId);
            if (message.phase != null && $Object.hasOwnProperty.call(message, "phase") && message.phase !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).int32(message.phase);
            if (message.done != null && $Object.hasOwnProperty.call(message, "done") && (typeof message.done === "object" ? message.done.low || message.done.high : message.done !== 0))
                writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.done);
            if (message.total != null && $Object.hasOwnProperty.call(message, "total") && (typeof message.total === "object" ? message.total.low || message.total.high : message.total !== 0))
                writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.total);
            if (message.text != null && $Object.hasOwnProperty.call(message, "text") && message.text !== "")
                writer.uint32(/* id 5, wireType 2 =*/42).string(message.text);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Progress message from the specified reader or buffer.
         * @function decode
         * @memberof weft.Progress
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.Progress & weft.Progress.$Shape} Progress
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Progress.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.Progress();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.leaseId = value;
                        else
                            delete message.leaseId;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.phase = value;
                        else
                            delete message.phase;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.done = value;
                        else
                            delete message.done;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.total = value;
                        else
                            delete message.total;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.text = value;
                        else
                            delete message.text;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Progress;
    })();

    weft.Stop = (function() {

        /**
         * Properties of a Stop.
         * @typedef {Object} weft.Stop.$Properties
         * @property {Uint8Array|null} [leaseId] Stop leaseId
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Stop.
         * @memberof weft
         * @interface IStop
         * @augments weft.Stop.$Properties
         * @deprecated Use weft.Stop.$Properties instead.
         */

        /**
         * Shape of a Stop.
         * @typedef {weft.Stop.$Properties} weft.Stop.$Shape
         */

        /**
         * Constructs a new Stop.
         * @memberof weft
         * @classdesc Represents a Stop.
         * @constructor
         * @param {weft.Stop.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Stop = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Stop leaseId.
         * @member {Uint8Array} leaseId
         * @memberof weft.Stop
         * @instance
         */
        Stop.prototype.leaseId = $util.newBuffer([]);

        /**
         * Creates a new Stop instance using the specified properties.
         * @function create
         * @memberof weft.Stop
         * @static
         * @param {weft.Stop.$Properties=} [properties] Properties to set
         * @returns {weft.Stop} Stop instance
         * @type {{
         *   (properties: weft.Stop.$Shape): weft.Stop & weft.Stop.$Shape;
         *   (properties?: weft.Stop.$Properties): weft.Stop;
         * }}
         */
        Stop.create = function(properties) {
            return new Stop(properties);
        };

        /**
         * Encodes the specified Stop message. Does not implicitly {@link weft.Stop.verify|verify} messages.
         * @function encode
         * @memberof weft.Stop
         * @static
         * @param {weft.Stop.$Properties} message Stop message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Stop.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.leaseId != null && $Object.hasOwnProperty.call(message, "leaseId") && message.leaseId.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.leaseId);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Stop message from the specified reader or buffer.
         * @function decode
         * @memberof weft.Stop
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.Stop & weft.Stop.$Shape} Stop
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Stop.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.Stop();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.leaseId = value;
                        else
                            delete message.leaseId;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Stop;
    })();

    weft.Collected = (function() {

        /**
         * Properties of a Collected.
         * @typedef {Object} weft.Collected.$Properties
         * @property {Uint8Array|null} [leaseId] Collected leaseId
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Collected.
         * @memberof weft
         * @interface ICollected
         * @augments weft.Collected.$Properties
         * @deprecated Use weft.Collected.$Properties instead.
         */

        /**
         * Shape of a Collected.
         * @typedef {weft.Collected.$Properties} weft.Collected.$Shape
         */

        /**
         * Constructs a new Collected.
         * @memberof weft
         * @classdesc Represents a Collected.
         * @constructor
         * @param {weft.Collected.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Collected = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Collected leaseId.
         * @member {Uint8Array} leaseId
         * @memberof weft.Collected
         * @instance
         */
        Collected.prototype.leaseId = $util.newBuffer([]);

        /**
         * Creates a new Collected instance using the specified properties.
         * @function create
         * @memberof weft.Collected
         * @static
         * @param {weft.Collected.$Properties=} [properties] Properties to set
         * @returns {weft.Collected} Collected instance
         * @type {{
         *   (properties: weft.Collected.$Shape): weft.Collected & weft.Collected.$Shape;
         *   (properties?: weft.Collected.$Properties): weft.Collected;
         * }}
         */
        Collected.create = function(properties) {
            return new Collected(properties);
        };

        /**
         * Encodes the specified Collected message. Does not implicitly {@link weft.Collected.verify|verify} messages.
         * @function encode
         * @memberof weft.Collected
         * @static
         * @param {weft.Collected.$Properties} message Collected message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Collected.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.leaseId != null && $Object.hasOwnProperty.call(message, "leaseId") && message.leaseId.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.leaseId);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Collected message from the specified reader or buffer.
         * @function decode
         * @memberof weft.Collected
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.Collected & weft.Collected.$Shape} Collected
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Collected.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.Collected();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.leaseId = value;
                        else
                            delete message.leaseId;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Collected;
    })();

    weft.Resources = (function() {

        /**
         * Properties of a Resources.
         * @typedef {Object} weft.Resources.$Properties
         * @property {number|null} [gpuCount] Resources gpuCount
         * @property {number|null} [gpuVramMib] Resources gpuVramMib
         * @property {string|null} [gpuVendor] Resources gpuVendor
         * @property {Array.<string>|null} [gpuModels] Resources gpuModels
         * @property {number|null} [cpuMilli] Resources cpuMilli
         * @property {number|null} [memoryMib] Resources memoryMib
         * @property {number|null} [diskMib] Resources diskMib
         * @property {string|null} [gpuComputeCapability] Resources gpuComputeCapability
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Resources.
         * @memberof weft
         * @interface IResources
         * @augments weft.Resources.$Properties
         * @deprecated Use weft.Resources.$Properties instead.
         */

        /**
         * Shape of a Resources.
         * @typedef {weft.Resources.$Properties} weft.Resources.$Shape
         */

        /**
         * Constructs a new Resources.
         * @memberof weft
         * @classdesc Represents a Resources.
         * @constructor
         * @param {weft.Resources.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Resources = function (properties) {
            this.gpuModels = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Resources gpuCount.
         * @member {number} gpuCount
         * @memberof weft.Resources
         * @instance
         */
        Resources.prototype.gpuCount = 0;

        /**
         * Resources gpuVramMib.
         * @member {number} gpuVramMib
         * @memberof weft.Resources
         * @instance
         */
        Resources.prototype.gpuVramMib = 0;

        /**
         * Resources gpuVendor.
         * @member {string} gpuVendor
         * @memberof weft.Resources
         * @instance
         */
        Resources.prototype.gpuVendor = "";

        /**
         * Resources gpuModels.
         * @member {Array.<string>} gpuModels
         * @memberof weft.Resources
         * @instance
         */
        Resources.prototype.gpuModels = $util.emptyArray;

        /**
         * Resources cpuMilli.
         * @member {number} cpuMilli
         * @memberof weft.Resources
         * @instance
         */
        Resources.prototype.cpuMilli = 0;

        /**
         * Resources memoryMib.
         * @member {number} memoryMib
         * @memberof weft.Resources
         * @instance
         */
        Resources.prototype.memoryMib = 0;

        /**
         * Resources diskMib.
         * @member {number} diskMib
         * @memberof weft.Resources
         * @instance
         */
        Resources.prototype.diskMib = 0;

        /**
         * Resources gpuComputeCapability.
         * @member {string} gpuComputeCapability
         * @memberof weft.Resources
         * @instance
         */
        Resources.prototype.gpuComputeCapability = "";

        /**
         * Creates a new Resources instance using the specified properties.
         * @function create
         * @memberof weft.Resources
         * @static
         * @param {weft.Resources.$Properties=} [properties] Properties to set
         * @returns {weft.Resources} Resources instance
         * @type {{
         *   (properties: weft.Resources.$Shape): weft.Resources & weft.Resources.$Shape;
         *   (properties?: weft.Resources.$Properties): weft.Resources;
         * }}
         */
        Resources.create = function(properties) {
            return new Resources(properties);
        };

        /**
         * Encodes the specified Resources message. Does not implicitly {@link weft.Resources.verify|verify} messages.
         * @function encode
         * @memberof weft.Resources
         * @static
         * @param {weft.Resources.$Properties} message Resources message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Resources.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.gpuCount != null && $Object.hasOwnProperty.call(message, "gpuCount") && message.gpuCount !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.gpuCount);
            if (message.gpuVramMib != null && $Object.hasOwnProperty.call(message, "gpuVramMib") && message.gpuVramMib !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.gpuVramMib);
            if (message.gpuVendor != null && $Object.hasOwnProperty.call(message, "gpuVendor") && message.gpuVendor !== "")
                writer.uint32(/* id 3, wireType 2 =*/26).string(message.gpuVendor);
            if (message.gpuModels != null && message.gpuModels.length)
                for (let i = 0; i < message.gpuModels.length; ++i)
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.gpuModels[i]);
            if (message.cpuMilli != null && $Object.hasOwnProperty.call(message, "cpuMilli") && message.cpuMilli !== 0)
                writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.cpuMilli);
            if (message.memoryMib != null && $Object.hasOwnProperty.call(message, "memoryMib") && message.memoryMib !== 0)
                writer.uint32(/* id 6, wireType 0 =*/48).uint32(message.memoryMib);
            if (message.diskMib != null && $Object.hasOwnProperty.call(message, "diskMib") && message.diskMib !== 0)
                writer.uint32(/* id 7, wireType 0 =*/56).uint32(message.diskMib);
            if (message.gpuComputeCapability != null && $Object.hasOwnProperty.call(message, "gpuComputeCapability") && message.gpuComputeCapability !== "")
                writer.uint32(/* id 8, wireType 2 =*/66).string(message.gpuComputeCapability);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Resources message from the specified reader or buffer.
         * @function decode
         * @memberof weft.Resources
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.Resources & weft.Resources.$Shape} Resources
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Resources.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.Resources();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.gpuCount = value;
                        else
                            delete message.gpuCount;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.gpuVramMib = value;
                        else
                            delete message.gpuVramMib;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.gpuVendor = value;
                        else
                            delete message.gpuVendor;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if (!(message.gpuModels && message.gpuModels.length))
                            message.gpuModels = [];
                        message.gpuModels.push(reader.stringVerify());
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.cpuMilli = value;
                        else
                            delete message.cpuMilli;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.memoryMib = value;
                        else
                            delete message.memoryMib;
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.diskMib = value;
                        else
                            delete message.diskMib;
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.gpuComputeCapability = value;
                        else
                            delete message.gpuComputeCapability;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Resources;
    })();

    weft.Gpu = (function() {

        /**
         * Properties of a Gpu.
         * @typedef {Object} weft.Gpu.$Properties
         * @property {string|null} [vendor] Gpu vendor
         * @property {string|null} [model] Gpu model
         * @property {number|null} [vramMib] Gpu vramMib
         * @property {number|null} [count] Gpu count
         * @property {string|null} [computeCapability] Gpu computeCapability
         * @property {Array.<Uint8Array>|null} [uuidHashes] Gpu uuidHashes
         * @property {boolean|null} [claimed] Gpu claimed
         * @property {Long|null} [gpuHour] Gpu gpuHour
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Gpu.
         * @memberof weft
         * @interface IGpu
         * @augments weft.Gpu.$Properties
         * @deprecated Use weft.Gpu.$Properties instead.
         */

        /**
         * Shape of a Gpu.
         * @typedef {weft.Gpu.$Properties} weft.Gpu.$Shape
         */

        /**
         * Constructs a new Gpu.
         * @memberof weft
         * @classdesc Represents a Gpu.
         * @constructor
         * @param {weft.Gpu.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Gpu = function (properties) {
            this.uuidHashes = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Gpu vendor.
         * @member {string} vendor
         * @memberof weft.Gpu
         * @instance
         */
        Gpu.prototype.vendor = "";

        /**
         * Gpu model.
         * @member {string} model
         * @memberof weft.Gpu
         * @instance
         */
        Gpu.prototype.model = "";

        /**
         * Gpu vramMib.
         * @member {number} vramMib
         * @memberof weft.Gpu
         * @instance
         */
        Gpu.prototype.vramMib = 0;

        /**
         * Gpu count.
         * @member {number} count
         * @memberof weft.Gpu
         * @instance
         */
        Gpu.prototype.count = 0;

        /**
         * Gpu computeCapability.
         * @member {string} computeCapability
         * @memberof weft.Gpu
         * @instance
         */
        Gpu.prototype.computeCapability = "";

        /**
         * Gpu uuidHashes.
         * @member {Array.<Uint8Array>} uuidHashes
         * @memberof weft.Gpu
         * @instance
         */
        Gpu.prototype.uuidHashes = $util.emptyArray;

        /**
         * Gpu claimed.
         * @member {boolean} claimed
         * @memberof weft.Gpu
         * @instance
         */
        Gpu.prototype.claimed = false;

        /**
         * Gpu gpuHour.
         * @member {Long|null|undefined} gpuHour
         * @memberof weft.Gpu
         * @instance
         */
        Gpu.prototype.gpuHour = null;

        // OneOf field names bound to virtual getters and setters
        let $oneOfFields;

        // Virtual OneOf for proto3 optional field
        $Object.defineProperty(Gpu.prototype, "_gpuHour", {
            get: $util.oneOfGetter($oneOfFields = ["gpuHour"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        /**
         * Creates a new Gpu instance using the specified properties.
         * @function create
         * @memberof weft.Gpu
         * @static
         * @param {weft.Gpu.$Properties=} [properties] Properties to set
         * @returns {weft.Gpu} Gpu instance
         * @type {{
         *   (properties: weft.Gpu.$Shape): weft.Gpu & weft.Gpu.$Shape;
         *   (properties?: weft.Gpu.$Properties): weft.Gpu;
         * }}
         */
        Gpu.create = function(properties) {
            return new Gpu(properties);
        };

        /**
         * Encodes the specified Gpu message. Does not implicitly {@link weft.Gpu.verify|verify} messages.
         * @function encode
         * @memberof weft.Gpu
         * @static
         * @param {weft.Gpu.$Properties} message Gpu message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Gpu.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.vendor != null && $Object.hasOwnProperty.call(message, "vendor") && message.vendor !== "")
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.vendor);
            if (message.model != null && $Object.hasOwnProperty.call(message, "model") && message.model !== "")
                writer.uint32(/* id 2, wireType 2 =*/18).string(message.model);
            if (message.vramMib != null && $Object.hasOwnProperty.call(message, "vramMib") && message.vramMib !== 0)
                writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.vramMib);
            if (message.count != null && $Object.hasOwnProperty.call(message, "count") && message.count !== 0)
                writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.count);
            if (message.computeCapability != null && $Object.hasOwnProperty.call(message, "computeCapability") && message.computeCapability !== "")
                writer.uint32(/* id 5, wireType 2 =*/42).string(message.computeCapability);
            if (message.uuidHashes != null && message.uuidHashes.length)
                for (let i = 0; i < message.uuidHashes.length; ++i)
                    writer.uint32(/* id 6, wireType 2 =*/50).bytes(message.uuidHashes[i]);
            if (message.claimed != null && $Object.hasOwnProperty.call(message, "claimed") && message.claimed !== false)
                writer.uint32(/* id 7, wireType 0 =*/56).bool(message.claimed);
            if (message.gpuHour != null && $Object.hasOwnProperty.call(message, "gpuHour"))
                writer.uint32(/* id 8, wireType 0 =*/64).uint64(message.gpuHour);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Gpu message from the specified reader or buffer.
         * @function decode
         * @memberof weft.Gpu
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.Gpu & weft.Gpu.$Shape} Gpu
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Gpu.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.Gpu();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.vendor = value;
                        else
                            delete message.vendor;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.model = value;
                        else
                            delete message.model;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.vramMib = value;
                        else
                            delete message.vramMib;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.count = value;
                        else
                            delete message.count;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.computeCapability = value;
                        else
                            delete message.computeCapability;
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        if (!(message.uuidHashes && message.uuidHashes.length))
                            message.uuidHashes = [];
                        message.uuidHashes.push(reader.bytes());
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.claimed = value;
                        else
                            delete message.claimed;
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        message.gpuHour = reader.uint64();
                        message._gpuHour = "gpuHour";
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Gpu;
    })();

    weft.Prices = (function() {

        /**
         * Properties of a Prices.
         * @typedef {Object} weft.Prices.$Properties
         * @property {string|null} [currency] Prices currency
         * @property {Long|null} [start] Prices start
         * @property {Long|null} [gpuHour] Prices gpuHour
         * @property {Long|null} [cpuHour] Prices cpuHour
         * @property {Long|null} [memoryGibHour] Prices memoryGibHour
         * @property {Long|null} [diskGibHour] Prices diskGibHour
         * @property {Long|null} [egressGib] Prices egressGib
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Prices.
         * @memberof weft
         * @interface IPrices
         * @augments weft.Prices.$Properties
         * @deprecated Use weft.Prices.$Properties instead.
         */

        /**
         * Shape of a Prices.
         * @typedef {weft.Prices.$Properties} weft.Prices.$Shape
         */

        /**
         * Constructs a new Prices.
         * @memberof weft
         * @classdesc Represents a Prices.
         * @constructor
         * @param {weft.Prices.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Prices = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Prices currency.
         * @member {string} currency
         * @memberof weft.Prices
         * @instance
         */
        Prices.prototype.currency = "";

        /**
         * Prices start.
         * @member {Long} start
         * @memberof weft.Prices
         * @instance
         */
        Prices.prototype.start = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Prices gpuHour.
         * @member {Long} gpuHour
         * @memberof weft.Prices
         * @instance
         */
        Prices.prototype.gpuHour = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Prices cpuHour.
         * @member {Long} cpuHour
         * @memberof weft.Prices
         * @instance
         */
        Prices.prototype.cpuHour = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Prices memoryGibHour.
         * @member {Long} memoryGibHour
         * @memberof weft.Prices
         * @instance
         */
        Prices.prototype.memoryGibHour = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Prices diskGibHour.
         * @member {Long} diskGibHour
         * @memberof weft.Prices
         * @instance
         */
        Prices.prototype.diskGibHour = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Prices egressGib.
         * @member {Long} egressGib
         * @memberof weft.Prices
         * @instance
         */
        Prices.prototype.egressGib = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Creates a new Prices instance using the specified properties.
         * @function create
         * @memberof weft.Prices
         * @static
         * @param {weft.Prices.$Properties=} [properties] Properties to set
         * @returns {weft.Prices} Prices instance
         * @type {{
         *   (properties: weft.Prices.$Shape): weft.Prices & weft.Prices.$Shape;
         *   (properties?: weft.Prices.$Properties): weft.Prices;
         * }}
         */
        Prices.create = function(properties) {
            return new Prices(properties);
        };

        /**
         * Encodes the specified Prices message. Does not implicitly {@link weft.Prices.verify|verify} messages.
         * @function encode
         * @memberof weft.Prices
         * @static
         * @param {weft.Prices.$Properties} message Prices message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Prices.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.currency != null && $Object.hasOwnProperty.call(message, "currency") && message.currency !== "")
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.currency);
            if (message.start != null && $Object.hasOwnProperty.call(message, "start") && (typeof message.start === "object" ? message.start.low || message.start.high : message.start !== 0))
                writer.uint32(/* id 2, wireType 0 =*/16).uint64(message.start);
            if (message.gpuHour != null && $Object.hasOwnProperty.call(message, "gpuHour") && (typeof message.gpuHour === "object" ? message.gpuHour.low || message.gpuHour.high : message.gpuHour !== 0))
                writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.gpuHour);
            if (message.cpuHour != null && $Object.hasOwnProperty.call(message, "cpuHour") && (typeof message.cpuHour === "object" ? message.cpuHour.low || message.cpuHour.high : message.cpuHour !== 0))
                writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.cpuHour);
            if (message.memoryGibHour != null && $Object.hasOwnProperty.call(message, "memoryGibHour") && (typeof message.memoryGibHour === "object" ? message.memoryGibHour.low || message.memoryGibHour.high : message.memoryGibHour !== 0))
                writer.uint32(/* id 5, wireType 0 =*/40).uint64(message.memoryGibHour);
            if (message.diskGibHour != null && $Object.hasOwnProperty.call(message, "diskGibHour") && (typeof message.diskGibHour === "object" ? message.diskGibHour.low || message.diskGibHour.high : message.diskGibHour !== 0))
                writer.uint32(/* id 6, wireType 0 =*/48).uint64(message.diskGibHour);
            if (message.egressGib != null && $Object.hasOwnProperty.call(message, "egressGib") && (typeof message.egressGib === "object" ? message.egressGib.low || message.egressGib.high : message.egressGib !== 0))
                writer.uint32(/* id 7, wireType 0 =*/56).uint64(message.egressGib);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Prices message from the specified reader or buffer.
         * @function decode
         * @memberof weft.Prices
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.Prices & weft.Prices.$Shape} Prices
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Prices.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.Prices();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.currency = value;
                        else
                            delete message.currency;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.start = value;
                        else
                            delete message.start;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.gpuHour = value;
                        else
                            delete message.gpuHour;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.cpuHour = value;
                        else
                            delete message.cpuHour;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.memoryGibHour = value;
                        else
                            delete message.memoryGibHour;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.diskGibHour = value;
                        else
                            delete message.diskGibHour;
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.egressGib = value;
                        else
                            delete message.egressGib;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Prices;
    })();

    weft.Capacity = (function() {

        /**
         * Properties of a Capacity.
         * @typedef {Object} weft.Capacity.$Properties
         * @property {Long|null} [seq] Capacity seq
         * @property {Long|null} [issuedAt] Capacity issuedAt
         * @property {Long|null} [expiresAt] Capacity expiresAt
         * @property {string|null} ["class"] Capacity class
         * @property {Array.<weft.Gpu.$Properties>|null} [gpus] Capacity gpus
         * @property {number|null} [cpuMilli] Capacity cpuMilli
         * @property {number|null} [memoryMib] Capacity memoryMib
         * @property {number|null} [diskMib] Capacity diskMib
         * @property {weft.Prices.$Properties|null} [prices] Capacity prices
         * @property {string|null} [region] Capacity region
         * @property {string|null} [engineName] Capacity engineName
         * @property {string|null} [engineVersion] Capacity engineVersion
         * @property {Array.<string>|null} [addresses] Capacity addresses
         * @property {string|null} [arch] Capacity arch
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Capacity.
         * @memberof weft
         * @interface ICapacity
         * @augments weft.Capacity.$Properties
         * @deprecated Use weft.Capacity.$Properties instead.
         */

        /**
         * Shape of a Capacity.
         * @typedef {weft.Capacity.$Properties} weft.Capacity.$Shape
         */

        /**
         * Constructs a new Capacity.
         * @memberof weft
         * @classdesc Represents a Capacity.
         * @constructor
         * @param {weft.Capacity.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Capacity = function (properties) {
            this.gpus = [];
            this.addresses = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Capacity seq.
         * @member {Long} seq
         * @memberof weft.Capacity
         * @instance
         */
        Capacity.prototype.seq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Capacity issuedAt.
         * @member {Long} issuedAt
         * @memberof weft.Capacity
         * @instance
         */
        Capacity.prototype.issuedAt = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Capacity expiresAt.
         * @member {Long} expiresAt
         * @memberof weft.Capacity
         * @instance
         */
        Capacity.prototype.expiresAt = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Capacity class.
         * @member {string} class
         * @memberof weft.Capacity
         * @instance
         */
        Capacity.prototype["class"] = "";

        /**
         * Capacity gpus.
         * @member {Array.<weft.Gpu.$Properties>} gpus
         * @memberof weft.Capacity
         * @instance
         */
        Capacity.prototype.gpus = $util.emptyArray;

        /**
         * Capacity cpuMilli.
         * @member {number} cpuMilli
         * @memberof weft.Capacity
         * @instance
         */
        Capacity.prototype.cpuMilli = 0;

        /**
         * Capacity memoryMib.
         * @member {number} memoryMib
         * @memberof weft.Capacity
         * @instance
         */
        Capacity.prototype.memoryMib = 0;

        /**
         * Capacity diskMib.
         * @member {number} diskMib
         * @memberof weft.Capacity
         * @instance
         */
        Capacity.prototype.diskMib = 0;

        /**
         * Capacity prices.
         * @member {weft.Prices.$Properties|null|undefined} prices
         * @memberof weft.Capacity
         * @instance
         */
        Capacity.prototype.prices = null;

        /**
         * Capacity region.
         * @member {string} region
         * @memberof weft.Capacity
         * @instance
         */
        Capacity.prototype.region = "";

        /**
         * Capacity engineName.
         * @member {string} engineName
         * @memberof weft.Capacity
         * @instance
         */
        Capacity.prototype.engineName = "";

        /**
         * Capacity engineVersion.
         * @member {string} engineVersion
         * @memberof weft.Capacity
         * @instance
         */
        Capacity.prototype.engineVersion = "";

        /**
         * Capacity addresses.
         * @member {Array.<string>} addresses
         * @memberof weft.Capacity
         * @instance
         */
        Capacity.prototype.addresses = $util.emptyArray;

        /**
         * Capacity arch.
         * @member {string} arch
         * @memberof weft.Capacity
         * @instance
         */
        Capacity.prototype.arch = "";

        /**
         * Creates a new Capacity instance using the specified properties.
         * @function create
         * @memberof weft.Capacity
         * @static
         * @param {weft.Capacity.$Properties=} [properties] Properties to set
         * @returns {weft.Capacity} Capacity instance
         * @type {{
         *   (properties: weft.Capacity.$Shape): weft.Capacity & weft.Capacity.$Shape;
         *   (properties?: weft.Capacity.$Properties): weft.Capacity;
         * }}
         */
        Capacity.create = function(properties) {
            return new Capacity(properties);
        };

        /**
         * Encodes the specified Capacity message. Does not implicitly {@link weft.Capacity.verify|verify} messages.
         * @function encode
         * @memberof weft.Capacity
         * @static
         * @param {weft.Capacity.$Properties} message Capacity message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Capacity.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.seq != null && $Object.hasOwnProperty.call(message, "seq") && (typeof message.seq === "object" ? message.seq.low || message.seq.high : message.seq !== 0))
                writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.seq);
            if (message.issuedAt != null && $Object.hasOwnProperty.call(message, "issuedAt") && (typeof message.issuedAt === "object" ? message.issuedAt.low || message.issuedAt.high : message.issuedAt !== 0))
                writer.uint32(/* id 2, wireType 0 =*/16).uint64(message.issuedAt);
            if (message.expiresAt != null && $Object.hasOwnProperty.call(message, "expiresAt") && (typeof message.expiresAt === "object" ? message.expiresAt.low || message.expiresAt.high : message.expiresAt !== 0))
                writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.expiresAt);
            if (message["class"] != null && $Object.hasOwnProperty.call(message, "class") && message["class"] !== "")
                writer.uint32(/* id 4, wireType 2 =*/34).string(message["class"]);
            if (message.gpus != null && message.gpus.length)
                for (let i = 0; i < message.gpus.length; ++i)
                    $root.weft.Gpu.encode(message.gpus[i], writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
            if (message.cpuMilli != null && $Object.hasOwnProperty.call(message, "cpuMilli") && message.cpuMilli !== 0)
                writer.uint32(/* id 6, wireType 0 =*/48).uint32(message.cpuMilli);
            if (message.memoryMib != null && $Object.hasOwnProperty.call(message, "memoryMib") && message.memoryMib !== 0)
                writer.uint32(/* id 7, wireType 0 =*/56).uint32(message.memoryMib);
            if (message.diskMib != null && $Object.hasOwnProperty.call(message, "diskMib") && message.diskMib !== 0)
                writer.uint32(/* id 8, wireType 0 =*/64).uint32(message.diskMib);
            if (message.prices != null && $Object.hasOwnProperty.call(message, "prices"))
                $root.weft.Prices.encode(message.prices, writer.uint32(/* id 9, wireType 2 =*/74).fork(), _depth + 1).ldelim();
            if (message.region != null && $Object.hasOwnProperty.call(message, "region") && message.region !== "")
                writer.uint32(/* id 10, wireType 2 =*/82).string(message.region);
            if (message.engineName != null && $Object.hasOwnProperty.call(message, "engineName") && message.engineName !== "")
                writer.uint32(/* id 11, wireType 2 =*/90).string(message.engineName);
            if (message.engineVersion != null && $Object.hasOwnProperty.call(message, "engineVersion") && message.engineVersion !== "")
                writer.uint32(/* id 12, wireType 2 =*/98).string(message.engineVersion);
            if (message.addresses != null && message.addresses.length)
                for (let i = 0; i < message.addresses.length; ++i)
                    writer.uint32(/* id 13, wireType 2 =*/106).string(message.addresses[i]);
            if (message.arch != null && $Object.hasOwnProperty.call(message, "arch") && message.arch !== "")
                writer.uint32(/* id 14, wireType 2 =*/114).string(message.arch);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Capacity message from the specified reader or buffer.
         * @function decode
         * @memberof weft.Capacity
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.Capacity & weft.Capacity.$Shape} Capacity
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Capacity.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.Capacity();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.seq = value;
                        else
                            delete message.seq;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.issuedAt = value;
                        else
                            delete message.issuedAt;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.expiresAt = value;
                        else
                            delete message.expiresAt;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message["class"] = value;
                        else
                            delete message["class"];
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if (!(message.gpus && message.gpus.length))
                            message.gpus = [];
                        message.gpus.push($root.weft.Gpu.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.cpuMilli = value;
                        else
                            delete message.cpuMilli;
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.memoryMib = value;
                        else
                            delete message.memoryMib;
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.diskMib = value;
                        else
                            delete message.diskMib;
                        continue;
                    }
                case 9: {
                        if (wireType !== 2)
                            break;
                        message.prices = $root.weft.Prices.decode(reader, reader.size(), $undefined, _depth + 1, message.prices);
                        continue;
                    }
                case 10: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.region = value;
                        else
                            delete message.region;
                        continue;
                    }
                case 11: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.engineName = value;
                        else
                            delete message.engineName;
                        continue;
                    }
                case 12: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.engineVersion = value;
                        else
                            delete message.engineVersion;
                        continue;
                    }
                case 13: {
                        if (wireType !== 2)
                            break;
                        if (!(message.addresses && message.addresses.length))
                            message.addresses = [];
                        message.addresses.push(reader.stringVerify());
                        continue;
                    }
                case 14: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.arch = value;
                        else
                            delete message.arch;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Capacity;
    })();

    weft.Terms = (function() {

        /**
         * Properties of a Terms.
         * @typedef {Object} weft.Terms.$Properties
         * @property {number|null} [intervalMs] Terms intervalMs
         * @property {number|null} [creditMs] Terms creditMs
         * @property {number|null} [stopAfterMs] Terms stopAfterMs
         * @property {number|null} [stopGraceMs] Terms stopGraceMs
         * @property {number|null} [prepayMs] Terms prepayMs
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Terms.
         * @memberof weft
         * @interface ITerms
         * @augments weft.Terms.$Properties
         * @deprecated Use weft.Terms.$Properties instead.
         */

        /**
         * Shape of a Terms.
         * @typedef {weft.Terms.$Properties} weft.Terms.$Shape
         */

        /**
         * Constructs a new Terms.
         * @memberof weft
         * @classdesc Represents a Terms.
         * @constructor
         * @param {weft.Terms.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Terms = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Terms intervalMs.
         * @member {number} intervalMs
         * @memberof weft.Terms
         * @instance
         */
        Terms.prototype.intervalMs = 0;

        /**
         * Terms creditMs.
         * @member {number} creditMs
         * @memberof weft.Terms
         * @instance
         */
        Terms.prototype.creditMs = 0;

        /**
         * Terms stopAfterMs.
         * @member {number} stopAfterMs
         * @memberof weft.Terms
         * @instance
         */
        Terms.prototype.stopAfterMs = 0;

        /**
         * Terms stopGraceMs.
         * @member {number} stopGraceMs
         * @memberof weft.Terms
         * @instance
         */
        Terms.prototype.stopGraceMs = 0;

        /**
         * Terms prepayMs.
         * @member {number} prepayMs
         * @memberof weft.Terms
         * @instance
         */
        Terms.prototype.prepayMs = 0;

        /**
         * Creates a new Terms instance using the specified properties.
         * @function create
         * @memberof weft.Terms
         * @static
         * @param {weft.Terms.$Properties=} [properties] Properties to set
         * @returns {weft.Terms} Terms instance
         * @type {{
         *   (properties: weft.Terms.$Shape): weft.Terms & weft.Terms.$Shape;
         *   (properties?: weft.Terms.$Properties): weft.Terms;
         * }}
         */
        Terms.create = function(properties) {
            return new Terms(properties);
        };

        /**
         * Encodes the specified Terms message. Does not implicitly {@link weft.Terms.verify|verify} messages.
         * @function encode
         * @memberof weft.Terms
         * @static
         * @param {weft.Terms.$Properties} message Terms message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Terms.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.intervalMs != null && $Object.hasOwnProperty.call(message, "intervalMs") && message.intervalMs !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.intervalMs);
            if (message.creditMs != null && $Object.hasOwnProperty.call(message, "creditMs") && message.creditMs !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.creditMs);
            if (message.stopAfterMs != null && $Object.hasOwnProperty.call(message, "stopAfterMs") && message.stopAfterMs !== 0)
                writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.stopAfterMs);
            if (message.stopGraceMs != null && $Object.hasOwnProperty.call(message, "stopGraceMs") && message.stopGraceMs !== 0)
                writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.stopGraceMs);
            if (message.prepayMs != null && $Object.hasOwnProperty.call(message, "prepayMs") && message.prepayMs !== 0)
                writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.prepayMs);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Terms message from the specified reader or buffer.
         * @function decode
         * @memberof weft.Terms
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.Terms & weft.Terms.$Shape} Terms
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Terms.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.Terms();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.intervalMs = value;
                        else
                            delete message.intervalMs;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.creditMs = value;
                        else
                            delete message.creditMs;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.stopAfterMs = value;
                        else
                            delete message.stopAfterMs;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.stopGraceMs = value;
                        else
                            delete message.stopGraceMs;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.prepayMs = value;
                        else
                            delete message.prepayMs;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Terms;
    })();

    weft.Order = (function() {

        /**
         * Properties of an Order.
         * @typedef {Object} weft.Order.$Properties
         * @property {Uint8Array|null} [nonce] Order nonce
         * @property {Long|null} [issuedAt] Order issuedAt
         * @property {Long|null} [expiresAt] Order expiresAt
         * @property {number|null} [round] Order round
         * @property {number|null} [audience] Order audience
         * @property {string|null} ["class"] Order class
         * @property {weft.Resources.$Properties|null} [resources] Order resources
         * @property {Array.<string>|null} [regions] Order regions
         * @property {string|null} [arch] Order arch
         * @property {Long|null} [maxRunMs] Order maxRunMs
         * @property {Long|null} [imageBytes] Order imageBytes
         * @property {Long|null} [inputBytes] Order inputBytes
         * @property {Long|null} [outputBytesMax] Order outputBytesMax
         * @property {Array.<string>|null} [addresses] Order addresses
         * @property {Uint8Array|null} [manifestHash] Order manifestHash
         * @property {Uint8Array|null} [imageHash] Order imageHash
         * @property {weft.Terms.$Properties|null} [terms] Order terms
         * @property {string|null} [currency] Order currency
         * @property {Long|null} [priceCeiling] Order priceCeiling
         * @property {number|null} [bidWindowMs] Order bidWindowMs
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of an Order.
         * @memberof weft
         * @interface IOrder
         * @augments weft.Order.$Properties
         * @deprecated Use weft.Order.$Properties instead.
         */

        /**
         * Shape of an Order.
         * @typedef {weft.Order.$Properties} weft.Order.$Shape
         */

        /**
         * Constructs a new Order.
         * @memberof weft
         * @classdesc Represents an Order.
         * @constructor
         * @param {weft.Order.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Order = function (properties) {
            this.regions = [];
            this.addresses = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Order nonce.
         * @member {Uint8Array} nonce
         * @memberof weft.Order
         * @instance
         */
        Order.prototype.nonce = $util.newBuffer([]);

        /**
         * Order issuedAt.
         * @member {Long} issuedAt
         * @memberof weft.Order
         * @instance
         */
        Order.prototype.issuedAt = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Order expiresAt.
         * @member {Long} expiresAt
         * @memberof weft.Order
         * @instance
         */
        Order.prototype.expiresAt = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Order round.
         * @member {number} round
         * @memberof weft.Order
         * @instance
         */
        Order.prototype.round = 0;

        /**
         * Order audience.
         * @member {number} audience
         * @memberof weft.Order
         * @instance
         */
        Order.prototype.audience = 0;

        /**
         * Order class.
         * @member {string} class
         * @memberof weft.Order
         * @instance
         */
        Order.prototype["class"] = "";

        /**
         * Order resources.
         * @member {weft.Resources.$Properties|null|undefined} resources
         * @memberof weft.Order
         * @instance
         */
        Order.prototype.resources = null;

        /**
         * Order regions.
         * @member {Array.<string>} regions
         * @memberof weft.Order
         * @instance
         */
        Order.prototype.regions = $util.emptyArray;

        /**
         * Order arch.
         * @member {string} arch
         * @memberof weft.Order
         * @instance
         */
        Order.prototype.arch = "";

        /**
         * Order maxRunMs.
         * @member {Long} maxRunMs
         * @memberof weft.Order
         * @instance
         */
        Order.prototype.maxRunMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Order imageBytes.
         * @member {Long} imageBytes
         * @memberof weft.Order
         * @instance
         */
        Order.prototype.imageBytes = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Order inputBytes.
         * @member {Long} inputBytes
         * @memberof weft.Order
         * @instance
         */
        Order.prototype.inputBytes = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Order outputBytesMax.
         * @member {Long} outputBytesMax
         * @memberof weft.Order
         * @instance
         */
        Order.prototype.outputBytesMax = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Order addresses.
         * @member {Array.<string>} addresses
         * @memberof weft.Order
         * @instance
         */
        Order.prototype.addresses = $util.emptyArray;

        /**
         * Order manifestHash.
         * @member {Uint8Array} manifestHash
         * @memberof weft.Order
         * @instance
         */
        Order.prototype.manifestHash = $util.newBuffer([]);

        /**
         * Order imageHash.
         * @member {Uint8Array} imageHash
         * @memberof weft.Order
         * @instance
         */
        Order.prototype.imageHash = $util.newBuffer([]);

        /**
         * Order terms.
         * @member {weft.Terms.$Properties|null|undefined} terms
         * @memberof weft.Order
         * @instance
         */
        Order.prototype.terms = null;

        /**
         * Order currency.
         * @member {string} currency
         * @memberof weft.Order
         * @instance
         */
        Order.prototype.currency = "";

        /**
         * Order priceCeiling.
         * @member {Long|null|undefined} priceCeiling
         * @memberof weft.Order
         * @instance
         */
        Order.prototype.priceCeiling = null;

        /**
         * Order bidWindowMs.
         * @member {number} bidWindowMs
         * @memberof weft.Order
         * @instance
         */
        Order.prototype.bidWindowMs = 0;

        // OneOf field names bound to virtual getters and setters
        let $oneOfFields;

        // Virtual OneOf for proto3 optional field
        $Object.defineProperty(Order.prototype, "_priceCeiling", {
            get: $util.oneOfGetter($oneOfFields = ["priceCeiling"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        /**
         * Creates a new Order instance using the specified properties.
         * @function create
         * @memberof weft.Order
         * @static
         * @param {weft.Order.$Properties=} [properties] Properties to set
         * @returns {weft.Order} Order instance
         * @type {{
         *   (properties: weft.Order.$Shape): weft.Order & weft.Order.$Shape;
         *   (properties?: weft.Order.$Properties): weft.Order;
         * }}
         */
        Order.create = function(properties) {
            return new Order(properties);
        };

        /**
         * Encodes the specified Order message. Does not implicitly {@link weft.Order.verify|verify} messages.
         * @function encode
         * @memberof weft.Order
         * @static
         * @param {weft.Order.$Properties} message Order message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Order.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.nonce != null && $Object.hasOwnProperty.call(message, "nonce") && message.nonce.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.nonce);
            if (message.issuedAt != null && $Object.hasOwnProperty.call(message, "issuedAt") && (typeof message.issuedAt === "object" ? message.issuedAt.low || message.issuedAt.high : message.issuedAt !== 0))
                writer.uint32(/* id 2, wireType 0 =*/16).uint64(message.issuedAt);
            if (message.expiresAt != null && $Object.hasOwnProperty.call(message, "expiresAt") && (typeof message.expiresAt === "object" ? message.expiresAt.low || message.expiresAt.high : message.expiresAt !== 0))
                writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.expiresAt);
            if (message.round != null && $Object.hasOwnProperty.call(message, "round") && message.round !== 0)
                writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.round);
            if (message.audience != null && $Object.hasOwnProperty.call(message, "audience") && message.audience !== 0)
                writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.audience);
            if (message["class"] != null && $Object.hasOwnProperty.call(message, "class") && message["class"] !== "")
                writer.uint32(/* id 6, wireType 2 =*/50).string(message["class"]);
            if (message.resources != null && $Object.hasOwnProperty.call(message, "resources"))
                $root.weft.Resources.encode(message.resources, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
            if (message.regions != null && message.regions.length)
                for (let i = 0; i < message.regions.length; ++i)
                    writer.uint32(/* id 8, wireType 2 =*/66).string(message.regions[i]);
            if (message.arch != null && $Object.hasOwnProperty.call(message, "arch") && message.arch !== "")
                writer.uint32(/* id 9, wireType 2 =*/74).string(message.arch);
            if (message.maxRunMs != null && $Object.hasOwnProperty.call(message, "maxRunMs") && (typeof message.maxRunMs === "object" ? message.maxRunMs.low || message.maxRunMs.high : message.maxRunMs !== 0))
                writer.uint32(/* id 10, wireType 0 =*/80).uint64(message.maxRunMs);
            if (message.imageBytes != null && $Object.hasOwnProperty.call(message, "imageBytes") && (typeof message.imageBytes === "object" ? message.imageBytes.low || message.imageBytes.high : message.imageBytes !== 0))
                writer.uint32(/* id 11, wireType 0 =*/88).uint64(message.imageBytes);
            if (message.inputBytes != null && $Object.hasOwnProperty.call(message, "inputBytes") && (typeof message.inputBytes === "object" ? message.inputBytes.low || message.inputBytes.high : message.inputBytes !== 0))
                writer.uint32(/* id 12, wireType 0 =*/96).uint64(message.inputBytes);
            if (message.outputBytesMax != null && $Object.hasOwnProperty.call(message, "outputBytesMax") && (typeof message.outputBytesMax === "object" ? message.outputBytesMax.low || message.outputBytesMax.high : message.outputBytesMax !== 0))
                writer.uint32(/* id 13, wireType 0 =*/104).uint64(message.outputBytesMax);
            if (message.addresses != null && message.addresses.length)
                for (let i = 0; i < message.addresses.length; ++i)
                    writer.uint32(/* id 14, wireType 2 =*/114).string(message.addresses[i]);
            if (message.manifestHash != null && $Object.hasOwnProperty.call(message, "manifestHash") && message.manifestHash.length)
                writer.uint32(/* id 15, wireType 2 =*/122).bytes(message.manifestHash);
            if (message.imageHash != null && $Object.hasOwnProperty.call(message, "imageHash") && message.imageHash.length)
                writer.uint32(/* id 16, wireType 2 =*/130).bytes(message.imageHash);
            if (message.terms != null && $Object.hasOwnProperty.call(message, "terms"))
                $root.weft.Terms.encode(message.terms, writer.uint32(/* id 17, wireType 2 =*/138).fork(), _depth + 1).ldelim();
            if (message.currency != null && $Object.hasOwnProperty.call(message, "currency") && message.currency !== "")
                writer.uint32(/* id 18, wireType 2 =*/146).string(message.currency);
            if (message.priceCeiling != null && $Object.hasOwnProperty.call(message, "priceCeiling"))
                writer.uint32(/* id 19, wireType 0 =*/152).uint64(message.priceCeiling);
            if (message.bidWindowMs != null && $Object.hasOwnProperty.call(message, "bidWindowMs") && message.bidWindowMs !== 0)
                writer.uint32(/* id 1000, wireType 0 =*/8000).uint32(message.bidWindowMs);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes an Order message from the specified reader or buffer.
         * @function decode
         * @memberof weft.Order
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.Order & weft.Order.$Shape} Order
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Order.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.Order();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.nonce = value;
                        else
                            delete message.nonce;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.issuedAt = value;
                        else
                            delete message.issuedAt;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.expiresAt = value;
                        else
                            delete message.expiresAt;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.round = value;
                        else
                            delete message.round;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.audience = value;
                        else
                            delete message.audience;
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message["class"] = value;
                        else
                            delete message["class"];
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        message.resources = $root.weft.Resources.decode(reader, reader.size(), $undefined, _depth + 1, message.resources);
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        if (!(message.regions && message.regions.length))
                            message.regions = [];
                        message.regions.push(reader.stringVerify());
                        continue;
                    }
                case 9: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.arch = value;
                        else
                            delete message.arch;
                        continue;
                    }
                case 10: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.maxRunMs = value;
                        else
                            delete message.maxRunMs;
                        continue;
                    }
                case 11: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.imageBytes = value;
                        else
                            delete message.imageBytes;
                        continue;
                    }
                case 12: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.inputBytes = value;
                        else
                            delete message.inputBytes;
                        continue;
                    }
                case 13: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.outputBytesMax = value;
                        else
                            delete message.outputBytesMax;
                        continue;
                    }
                case 14: {
                        if (wireType !== 2)
                            break;
                        if (!(message.addresses && message.addresses.length))
                            message.addresses = [];
                        message.addresses.push(reader.stringVerify());
                        continue;
                    }
                case 15: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.manifestHash = value;
                        else
                            delete message.manifestHash;
                        continue;
                    }
                case 16: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.imageHash = value;
                        else
                            delete message.imageHash;
                        continue;
                    }
                case 17: {
                        if (wireType !== 2)
                            break;
                        message.terms = $root.weft.Terms.decode(reader, reader.size(), $undefined, _depth + 1, message.terms);
                        continue;
                    }
                case 18: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.currency = value;
                        else
                            delete message.currency;
                        continue;
                    }
                case 19: {
                        if (wireType !== 0)
                            break;
                        message.priceCeiling = reader.uint64();
                        message._priceCeiling = "priceCeiling";
                        continue;
                    }
                case 1000: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.bidWindowMs = value;
                        else
                            delete message.bidWindowMs;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Order;
    })();

    weft.Bid = (function() {

        /**
         * Properties of a Bid.
         * @typedef {Object} weft.Bid.$Properties
         * @property {Uint8Array|null} [orderId] Bid orderId
         * @property {weft.Prices.$Properties|null} [prices] Bid prices
         * @property {boolean|null} [firm] Bid firm
         * @property {number|null} [validMs] Bid validMs
         * @property {number|null} [startInMs] Bid startInMs
         * @property {string|null} [region] Bid region
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Bid.
         * @memberof weft
         * @interface IBid
         * @augments weft.Bid.$Properties
         * @deprecated Use weft.Bid.$Properties instead.
         */

        /**
         * Shape of a Bid.
         * @typedef {weft.Bid.$Properties} weft.Bid.$Shape
         */

        /**
         * Constructs a new Bid.
         * @memberof weft
         * @classdesc Represents a Bid.
         * @constructor
         * @param {weft.Bid.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Bid = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Bid orderId.
         * @member {Uint8Array} orderId
         * @memberof weft.Bid
         * @instance
         */
        Bid.prototype.orderId = $util.newBuffer([]);

        /**
         * Bid prices.
         * @member {weft.Prices.$Properties|null|undefined} prices
         * @memberof weft.Bid
         * @instance
         */
        Bid.prototype.prices = null;

        /**
         * Bid firm.
         * @member {boolean} firm
         * @memberof weft.Bid
         * @instance
         */
        Bid.prototype.firm = false;

        /**
         * Bid validMs.
         * @member {number} validMs
         * @memberof weft.Bid
         * @instance
         */
        Bid.prototype.validMs = 0;

        /**
         * Bid startInMs.
         * @member {number} startInMs
         * @memberof weft.Bid
         * @instance
         */
        Bid.prototype.startInMs = 0;

        /**
         * Bid region.
         * @member {string} region
         * @memberof weft.Bid
         * @instance
         */
        Bid.prototype.region = "";

        /**
         * Creates a new Bid instance using the specified properties.
         * @function create
         * @memberof weft.Bid
         * @static
         * @param {weft.Bid.$Properties=} [properties] Properties to set
         * @returns {weft.Bid} Bid instance
         * @type {{
         *   (properties: weft.Bid.$Shape): weft.Bid & weft.Bid.$Shape;
         *   (properties?: weft.Bid.$Properties): weft.Bid;
         * }}
         */
        Bid.create = function(properties) {
            return new Bid(properties);
        };

        /**
         * Encodes the specified Bid message. Does not implicitly {@link weft.Bid.verify|verify} messages.
         * @function encode
         * @memberof weft.Bid
         * @static
         * @param {weft.Bid.$Properties} message Bid message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Bid.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.orderId != null && $Object.hasOwnProperty.call(message, "orderId") && message.orderId.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.orderId);
            if (message.prices != null && $Object.hasOwnProperty.call(message, "prices"))
                $root.weft.Prices.encode(message.prices, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
            if (message.firm != null && $Object.hasOwnProperty.call(message, "firm") && message.firm !== false)
                writer.uint32(/* id 3, wireType 0 =*/24).bool(message.firm);
            if (message.validMs != null && $Object.hasOwnProperty.call(message, "validMs") && message.validMs !== 0)
                writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.validMs);
            if (message.startInMs != null && $Object.hasOwnProperty.call(message, "startInMs") && message.startInMs !== 0)
                writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.startInMs);
            if (message.region != null && $Object.hasOwnProperty.call(message, "region") && message.region !== "")
                writer.uint32(/* id 6, wireType 2 =*/50).string(message.region);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Bid message from the specified reader or buffer.
         * @function decode
         * @memberof weft.Bid
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.Bid & weft.Bid.$Shape} Bid
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Bid.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.Bid();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.orderId = value;
                        else
                            delete message.orderId;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.prices = $root.weft.Prices.decode(reader, reader.size(), $undefined, _depth + 1, message.prices);
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.firm = value;
                        else
                            delete message.firm;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.validMs = value;
                        else
                            delete message.validMs;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.startInMs = value;
                        else
                            delete message.startInMs;
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.region = value;
                        else
                            delete message.region;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Bid;
    })();

    /**
     * Reason enum.
     * @name weft.Reason
     * @enum {number}
     * @property {number} REASON_NONE=0 REASON_NONE value
     * @property {number} REASON_BUSY=1 REASON_BUSY value
     * @property {number} REASON_GPU_COUNT=2 REASON_GPU_COUNT value
     * @property {number} REASON_GPU_VRAM=3 REASON_GPU_VRAM value
     * @property {number} REASON_GPU_MODEL=4 REASON_GPU_MODEL value
     * @property {number} REASON_CPU=5 REASON_CPU value
     * @property {number} REASON_MEMORY=6 REASON_MEMORY value
     * @property {number} REASON_DISK=7 REASON_DISK value
     * @property {number} REASON_REGION=8 REASON_REGION value
     * @property {number} REASON_ARCH=9 REASON_ARCH value
     * @property {number} REASON_PRICE=10 REASON_PRICE value
     * @property {number} REASON_CURRENCY=11 REASON_CURRENCY value
     * @property {number} REASON_TERMS=12 REASON_TERMS value
     * @property {number} REASON_NO_ENGINE=13 REASON_NO_ENGINE value
     * @property {number} REASON_DRAINING=14 REASON_DRAINING value
     * @property {number} REASON_EXPIRED=15 REASON_EXPIRED value
     * @property {number} REASON_UNKNOWN_BID=16 REASON_UNKNOWN_BID value
     * @property {number} REASON_BAD_MANIFEST=17 REASON_BAD_MANIFEST value
     * @property {number} REASON_CREDIT=18 REASON_CREDIT value
     * @property {number} REASON_OVERLOADED=19 REASON_OVERLOADED value
     * @property {number} REASON_EQUIVOCATION=20 REASON_EQUIVOCATION value
     * @property {number} REASON_CLOCK=21 REASON_CLOCK value
     * @property {number} REASON_GPU_CAPABILITY=22 REASON_GPU_CAPABILITY value
     */
    weft.Reason = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "REASON_NONE"] = 0;
        values[valuesById[1] = "REASON_BUSY"] = 1;
        values[valuesById[2] = "REASON_GPU_COUNT"] = 2;
        values[valuesById[3] = "REASON_GPU_VRAM"] = 3;
        values[valuesById[4] = "REASON_GPU_MODEL"] = 4;
        values[valuesById[5] = "REASON_CPU"] = 5;
        values[valuesById[6] = "REASON_MEMORY"] = 6;
        values[valuesById[7] = "REASON_DISK"] = 7;
        values[valuesById[8] = "REASON_REGION"] = 8;
        values[valuesById[9] = "REASON_ARCH"] = 9;
        values[valuesById[10] = "REASON_PRICE"] = 10;
        values[valuesById[11] = "REASON_CURRENCY"] = 11;
        values[valuesById[12] = "REASON_TERMS"] = 12;
        values[valuesById[13] = "REASON_NO_ENGINE"] = 13;
        values[valuesById[14] = "REASON_DRAINING"] = 14;
        values[valuesById[15] = "REASON_EXPIRED"] = 15;
        values[valuesById[16] = "REASON_UNKNOWN_BID"] = 16;
        values[valuesById[17] = "REASON_BAD_MANIFEST"] = 17;
        values[valuesById[18] = "REASON_CREDIT"] = 18;
        values[valuesById[19] = "REASON_OVERLOADED"] = 19;
        values[valuesById[20] = "REASON_EQUIVOCATION"] = 20;
        values[valuesById[21] = "REASON_CLOCK"] = 21;
        values[valuesById[22] = "REASON_GPU_CAPABILITY"] = 22;
        return values;
    })();

    weft.Refusal = (function() {

        /**
         * Properties of a Refusal.
         * @typedef {Object} weft.Refusal.$Properties
         * @property {Uint8Array|null} [orderId] Refusal orderId
         * @property {weft.Reason|null} [reason] Refusal reason
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Refusal.
         * @memberof weft
         * @interface IRefusal
         * @augments weft.Refusal.$Properties
         * @deprecated Use weft.Refusal.$Properties instead.
         */

        /**
         * Shape of a Refusal.
         * @typedef {weft.Refusal.$Properties} weft.Refusal.$Shape
         */

        /**
         * Constructs a new Refusal.
         * @memberof weft
         * @classdesc Represents a Refusal.
         * @constructor
         * @param {weft.Refusal.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Refusal = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Refusal orderId.
         * @member {Uint8Array} orderId
         * @memberof weft.Refusal
         * @instance
         */
        Refusal.prototype.orderId = $util.newBuffer([]);

        /**
         * Refusal reason.
         * @member {weft.Reason} reason
         * @memberof weft.Refusal
         * @instance
         */
        Refusal.prototype.reason = 0;

        /**
         * Creates a new Refusal instance using the specified properties.
         * @function create
         * @memberof weft.Refusal
         * @static
         * @param {weft.Refusal.$Properties=} [properties] Properties to set
         * @returns {weft.Refusal} Refusal instance
         * @type {{
         *   (properties: weft.Refusal.$Shape): weft.Refusal & weft.Refusal.$Shape;
         *   (properties?: weft.Refusal.$Properties): weft.Refusal;
         * }}
         */
        Refusal.create = function(properties) {
            return new Refusal(properties);
        };

        /**
         * Encodes the specified Refusal message. Does not implicitly {@link weft.Refusal.verify|verify} messages.
         * @function encode
         * @memberof weft.Refusal
         * @static
         * @param {weft.Refusal.$Properties} message Refusal message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Refusal.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.orderId != null && $Object.hasOwnProperty.call(message, "orderId") && message.orderId.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.orderId);
            if (message.reason != null && $Object.hasOwnProperty.call(message, "reason") && message.reason !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).int32(message.reason);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Refusal message from the specified reader or buffer.
         * @function decode
         * @memberof weft.Refusal
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.Refusal & weft.Refusal.$Shape} Refusal
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Refusal.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.Refusal();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.orderId = value;
                        else
                            delete message.orderId;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.reason = value;
                        else
                            delete message.reason;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Refusal;
    })();

    weft.Release = (function() {

        /**
         * Properties of a Release.
         * @typedef {Object} weft.Release.$Properties
         * @property {Uint8Array|null} [orderId] Release orderId
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Release.
         * @memberof weft
         * @interface IRelease
         * @augments weft.Release.$Properties
         * @deprecated Use weft.Release.$Properties instead.
         */

        /**
         * Shape of a Release.
         * @typedef {weft.Release.$Properties} weft.Release.$Shape
         */

        /**
         * Constructs a new Release.
         * @memberof weft
         * @classdesc Represents a Release.
         * @constructor
         * @param {weft.Release.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Release = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Release orderId.
         * @member {Uint8Array} orderId
         * @memberof weft.Release
         * @instance
         */
        Release.prototype.orderId = $util.newBuffer([]);

        /**
         * Creates a new Release instance using the specified properties.
         * @function create
         * @memberof weft.Release
         * @static
         * @param {weft.Release.$Properties=} [properties] Properties to set
         * @returns {weft.Release} Release instance
         * @type {{
         *   (properties: weft.Release.$Shape): weft.Release & weft.Release.$Shape;
         *   (properties?: weft.Release.$Properties): weft.Release;
         * }}
         */
        Release.create = function(properties) {
            return new Release(properties);
        };

        /**
         * Encodes the specified Release message. Does not implicitly {@link weft.Release.verify|verify} messages.
         * @function encode
         * @memberof weft.Release
         * @static
         * @param {weft.Release.$Properties} message Release message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Release.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.orderId != null && $Object.hasOwnProperty.call(message, "orderId") && message.orderId.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.orderId);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Release message from the specified reader or buffer.
         * @function decode
         * @memberof weft.Release
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.Release & weft.Release.$Shape} Release
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Release.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.Release();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.orderId = value;
                        else
                            delete message.orderId;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Release;
    })();

    weft.Ask = (function() {

        /**
         * Properties of an Ask.
         * @typedef {Object} weft.Ask.$Properties
         * @property {Uint8Array|null} [nonce] Ask nonce
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of an Ask.
         * @memberof weft
         * @interface IAsk
         * @augments weft.Ask.$Properties
         * @deprecated Use weft.Ask.$Properties instead.
         */

        /**
         * Shape of an Ask.
         * @typedef {weft.Ask.$Properties} weft.Ask.$Shape
         */

        /**
         * Constructs a new Ask.
         * @memberof weft
         * @classdesc Represents an Ask.
         * @constructor
         * @param {weft.Ask.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Ask = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Ask nonce.
         * @member {Uint8Array} nonce
         * @memberof weft.Ask
         * @instance
         */
        Ask.prototype.nonce = $util.newBuffer([]);

        /**
         * Creates a new Ask instance using the specified properties.
         * @function create
         * @memberof weft.Ask
         * @static
         * @param {weft.Ask.$Properties=} [properties] Properties to set
         * @returns {weft.Ask} Ask instance
         * @type {{
         *   (properties: weft.Ask.$Shape): weft.Ask & weft.Ask.$Shape;
         *   (properties?: weft.Ask.$Properties): weft.Ask;
         * }}
         */
        Ask.create = function(properties) {
            return new Ask(properties);
        };

        /**
         * Encodes the specified Ask message. Does not implicitly {@link weft.Ask.verify|verify} messages.
         * @function encode
         * @memberof weft.Ask
         * @static
         * @param {weft.Ask.$Properties} message Ask message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Ask.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.nonce != null && $Object.hasOwnProperty.call(message, "nonce") && message.nonce.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.nonce);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes an Ask message from the specified reader or buffer.
         * @function decode
         * @memberof weft.Ask
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.Ask & weft.Ask.$Shape} Ask
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Ask.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.Ask();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.nonce = value;
                        else
                            delete message.nonce;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Ask;
    })();

    weft.Hello = (function() {

        /**
         * Properties of a Hello.
         * @typedef {Object} weft.Hello.$Properties
         * @property {Array.<string>|null} [features] Hello features
         * @property {string|null} [agent] Hello agent
         * @property {boolean|null} [provider] Hello provider
         * @property {Long|null} [sentAt] Hello sentAt
         * @property {number|null} [networkSize] Hello networkSize
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Hello.
         * @memberof weft
         * @interface IHello
         * @augments weft.Hello.$Properties
         * @deprecated Use weft.Hello.$Properties instead.
         */

        /**
         * Shape of a Hello.
         * @typedef {weft.Hello.$Properties} weft.Hello.$Shape
         */

        /**
         * Constructs a new Hello.
         * @memberof weft
         * @classdesc Represents a Hello.
         * @constructor
         * @param {weft.Hello.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Hello = function (properties) {
            this.features = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Hello features.
         * @member {Array.<string>} features
         * @memberof weft.Hello
         * @instance
         */
        Hello.prototype.features = $util.emptyArray;

        /**
         * Hello agent.
         * @member {string} agent
         * @memberof weft.Hello
         * @instance
         */
        Hello.prototype.agent = "";

        /**
         * Hello provider.
         * @member {boolean} provider
         * @memberof weft.Hello
         * @instance
         */
        Hello.prototype.provider = false;

        /**
         * Hello sentAt.
         * @member {Long} sentAt
         * @memberof weft.Hello
         * @instance
         */
        Hello.prototype.sentAt = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Hello networkSize.
         * @member {number} networkSize
         * @memberof weft.Hello
         * @instance
         */
        Hello.prototype.networkSize = 0;

        /**
         * Creates a new Hello instance using the specified properties.
         * @function create
         * @memberof weft.Hello
         * @static
         * @param {weft.Hello.$Properties=} [properties] Properties to set
         * @returns {weft.Hello} Hello instance
         * @type {{
         *   (properties: weft.Hello.$Shape): weft.Hello & weft.Hello.$Shape;
         *   (properties?: weft.Hello.$Properties): weft.Hello;
         * }}
         */
        Hello.create = function(properties) {
            return new Hello(properties);
        };

        /**
         * Encodes the specified Hello message. Does not implicitly {@link weft.Hello.verify|verify} messages.
         * @function encode
         * @memberof weft.Hello
         * @static
         * @param {weft.Hello.$Properties} message Hello message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Hello.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.features != null && message.features.length)
                for (let i = 0; i < message.features.length; ++i)
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.features[i]);
            if (message.agent != null && $Object.hasOwnProperty.call(message, "agent") && message.agent !== "")
                writer.uint32(/* id 2, wireType 2 =*/18).string(message.agent);
            if (message.provider != null && $Object.hasOwnProperty.call(message, "provider") && message.provider !== false)
                writer.uint32(/* id 3, wireType 0 =*/24).bool(message.provider);
            if (message.sentAt != null && $Object.hasOwnProperty.call(message, "sentAt") && (typeof message.sentAt === "object" ? message.sentAt.low || message.sentAt.high : message.sentAt !== 0))
                writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.sentAt);
            if (message.networkSize != null && $Object.hasOwnProperty.call(message, "networkSize") && message.networkSize !== 0)
                writer.uint32(/* id 1000, wireType 0 =*/8000).uint32(message.networkSize);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Hello message from the specified reader or buffer.
         * @function decode
         * @memberof weft.Hello
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.Hello & weft.Hello.$Shape} Hello
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Hello.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.Hello();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if (!(message.features && message.features.length))
                            message.features = [];
                        message.features.push(reader.stringVerify());
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.agent = value;
                        else
                            delete message.agent;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.provider = value;
                        else
                            delete message.provider;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.sentAt = value;
                        else
                            delete message.sentAt;
                        continue;
                    }
                case 1000: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.networkSize = value;
                        else
                            delete message.networkSize;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Hello;
    })();

    /**
     * Stage enum.
     * @name weft.Stage
     * @enum {number}
     * @property {number} STAGE_READY=0 STAGE_READY value
     * @property {number} STAGE_FILL=1 STAGE_FILL value
     * @property {number} STAGE_WALK=2 STAGE_WALK value
     * @property {number} STAGE_FP32=3 STAGE_FP32 value
     * @property {number} STAGE_FP16=4 STAGE_FP16 value
     * @property {number} STAGE_BF16=5 STAGE_BF16 value
     */
    weft.Stage = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "STAGE_READY"] = 0;
        values[valuesById[1] = "STAGE_FILL"] = 1;
        values[valuesById[2] = "STAGE_WALK"] = 2;
        values[valuesById[3] = "STAGE_FP32"] = 3;
        values[valuesById[4] = "STAGE_FP16"] = 4;
        values[valuesById[5] = "STAGE_BF16"] = 5;
        return values;
    })();

    /**
     * ChallengeFault enum.
     * @name weft.ChallengeFault
     * @enum {number}
     * @property {number} CHALLENGE_FAULT_NONE=0 CHALLENGE_FAULT_NONE value
     * @property {number} CHALLENGE_FAULT_BUSY=1 CHALLENGE_FAULT_BUSY value
     * @property {number} CHALLENGE_FAULT_CLOSED=2 CHALLENGE_FAULT_CLOSED value
     * @property {number} CHALLENGE_FAULT_BUDGET=3 CHALLENGE_FAULT_BUDGET value
     * @property {number} CHALLENGE_FAULT_UNKNOWN_CARD=4 CHALLENGE_FAULT_UNKNOWN_CARD value
     * @property {number} CHALLENGE_FAULT_NO_METER=5 CHALLENGE_FAULT_NO_METER value
     * @property {number} CHALLENGE_FAULT_UNSUPPORTED=6 CHALLENGE_FAULT_UNSUPPORTED value
     * @property {number} CHALLENGE_FAULT_FAILED=7 CHALLENGE_FAULT_FAILED value
     */
    weft.ChallengeFault = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "CHALLENGE_FAULT_NONE"] = 0;
        values[valuesById[1] = "CHALLENGE_FAULT_BUSY"] = 1;
        values[valuesById[2] = "CHALLENGE_FAULT_CLOSED"] = 2;
        values[valuesById[3] = "CHALLENGE_FAULT_BUDGET"] = 3;
        values[valuesById[4] = "CHALLENGE_FAULT_UNKNOWN_CARD"] = 4;
        values[valuesById[5] = "CHALLENGE_FAULT_NO_METER"] = 5;
        values[valuesById[6] = "CHALLENGE_FAULT_UNSUPPORTED"] = 6;
        values[valuesById[7] = "CHALLENGE_FAULT_FAILED"] = 7;
        return values;
    })();

    weft.ChallengedCard = (function() {

        /**
         * Properties of a ChallengedCard.
         * @typedef {Object} weft.ChallengedCard.$Properties
         * @property {Uint8Array|null} [uuidHash] ChallengedCard uuidHash
         * @property {number|null} [fillMib] ChallengedCard fillMib
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a ChallengedCard.
         * @memberof weft
         * @interface IChallengedCard
         * @augments weft.ChallengedCard.$Properties
         * @deprecated Use weft.ChallengedCard.$Properties instead.
         */

        /**
         * Shape of a ChallengedCard.
         * @typedef {weft.ChallengedCard.$Properties} weft.ChallengedCard.$Shape
         */

        /**
         * Constructs a new ChallengedCard.
         * @memberof weft
         * @classdesc Represents a ChallengedCard.
         * @constructor
         * @param {weft.ChallengedCard.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const ChallengedCard = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * ChallengedCard uuidHash.
         * @member {Uint8Array} uuidHash
         * @memberof weft.ChallengedCard
         * @instance
         */
        ChallengedCard.prototype.uuidHash = $util.newBuffer([]);

        /**
         * ChallengedCard fillMib.
         * @member {number} fillMib
         * @memberof weft.ChallengedCard
         * @instance
         */
        ChallengedCard.prototype.fillMib = 0;

        /**
         * Creates a new ChallengedCard instance using the specified properties.
         * @function create
         * @memberof weft.ChallengedCard
         * @static
         * @param {weft.ChallengedCard.$Properties=} [properties] Properties to set
         * @returns {weft.ChallengedCard} ChallengedCard instance
         * @type {{
         *   (properties: weft.ChallengedCard.$Shape): weft.ChallengedCard & weft.ChallengedCard.$Shape;
         *   (properties?: weft.ChallengedCard.$Properties): weft.ChallengedCard;
         * }}
         */
        ChallengedCard.create = function(properties) {
            return new ChallengedCard(properties);
        };

        /**
         * Encodes the specified ChallengedCard message. Does not implicitly {@link weft.ChallengedCard.verify|verify} messages.
         * @function encode
         * @memberof weft.ChallengedCard
         * @static
         * @param {weft.ChallengedCard.$Properties} message ChallengedCard message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        ChallengedCard.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.uuidHash != null && $Object.hasOwnProperty.call(message, "uuidHash") && message.uuidHash.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.uuidHash);
            if (message.fillMib != null && $Object.hasOwnProperty.call(message, "fillMib") && message.fillMib !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.fillMib);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a ChallengedCard message from the specified reader or buffer.
         * @function decode
         * @memberof weft.ChallengedCard
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.ChallengedCard & weft.ChallengedCard.$Shape} ChallengedCard
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        ChallengedCard.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.ChallengedCard();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.uuidHash = value;
                        else
                            delete message.uuidHash;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.fillMib = value;
                        else
                            delete message.fillMib;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return ChallengedCard;
    })();

    weft.Challenge = (function() {

        /**
         * Properties of a Challenge.
         * @typedef {Object} weft.Challenge.$Properties
         * @property {Uint8Array|null} [nonce] Challenge nonce
         * @property {weft.Stage|null} [stage] Challenge stage
         * @property {Uint8Array|null} [seed] Challenge seed
         * @property {Array.<weft.ChallengedCard.$Properties>|null} [cards] Challenge cards
         * @property {number|null} [rounds] Challenge rounds
         * @property {number|null} [rows] Challenge rows
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Challenge.
         * @memberof weft
         * @interface IChallenge
         * @augments weft.Challenge.$Properties
         * @deprecated Use weft.Challenge.$Properties instead.
         */

        /**
         * Shape of a Challenge.
         * @typedef {weft.Challenge.$Properties} weft.Challenge.$Shape
         */

        /**
         * Constructs a new Challenge.
         * @memberof weft
         * @classdesc Represents a Challenge.
         * @constructor
         * @param {weft.Challenge.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Challenge = function (properties) {
            this.cards = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Challenge nonce.
         * @member {Uint8Array} nonce
         * @memberof weft.Challenge
         * @instance
         */
        Challenge.prototype.nonce = $util.newBuffer([]);

        /**
         * Challenge stage.
         * @member {weft.Stage} stage
         * @memberof weft.Challenge
         * @instance
         */
        Challenge.prototype.stage = 0;

        /**
         * Challenge seed.
         * @member {Uint8Array} seed
         * @memberof weft.Challenge
         * @instance
         */
        Challenge.prototype.seed = $util.newBuffer([]);

        /**
         * Challenge cards.
         * @member {Array.<weft.ChallengedCard.$Properties>} cards
         * @memberof weft.Challenge
         * @instance
         */
        Challenge.prototype.cards = $util.emptyArray;

        /**
         * Challenge rounds.
         * @member {number} rounds
         * @memberof weft.Challenge
         * @instance
         */
        Challenge.prototype.rounds = 0;

        /**
         * Challenge rows.
         * @member {number} rows
         * @memberof weft.Challenge
         * @instance
         */
        Challenge.prototype.rows = 0;

        /**
         * Creates a new Challenge instance using the specified properties.
         * @function create
         * @memberof weft.Challenge
         * @static
         * @param {weft.Challenge.$Properties=} [properties] Properties to set
         * @returns {weft.Challenge} Challenge instance
         * @type {{
         *   (properties: weft.Challenge.$Shape): weft.Challenge & weft.Challenge.$Shape;
         *   (properties?: weft.Challenge.$Properties): weft.Challenge;
         * }}
         */
        Challenge.create = function(properties) {
            return new Challenge(properties);
        };

        /**
         * Encodes the specified Challenge message. Does not implicitly {@link weft.Challenge.verify|verify} messages.
         * @function encode
         * @memberof weft.Challenge
         * @static
         * @param {weft.Challenge.$Properties} message Challenge message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Challenge.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.nonce != null && $Object.hasOwnProperty.call(message, "nonce") && message.nonce.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.nonce);
            if (message.stage != null && $Object.hasOwnProperty.call(message, "stage") && message.stage !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).int32(message.stage);
            if (message.seed != null && $Object.hasOwnProperty.call(message, "seed") && message.seed.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.seed);
            if (message.cards != null && message.cards.length)
                for (let i = 0; i < message.cards.length; ++i)
                    $root.weft.ChallengedCard.encode(message.cards[i], writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
            if (message.rounds != null && $Object.hasOwnProperty.call(message, "rounds") && message.rounds !== 0)
                writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.rounds);
            if (message.rows != null && $Object.hasOwnProperty.call(message, "rows") && message.rows !== 0)
                writer.uint32(/* id 6, wireType 0 =*/48).uint32(message.rows);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Challenge message from the specified reader or buffer.
         * @function decode
         * @memberof weft.Challenge
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.Challenge & weft.Challenge.$Shape} Challenge
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Challenge.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.Challenge();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.nonce = value;
                        else
                            delete message.nonce;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.stage = value;
                        else
                            delete message.stage;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.seed = value;
                        else
                            delete message.seed;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if (!(message.cards && message.cards.length))
                            message.cards = [];
                        message.cards.push($root.weft.ChallengedCard.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.rounds = value;
                        else
                            delete message.rounds;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.rows = value;
                        else
                            delete message.rows;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Challenge;
    })();

    weft.ChallengeAnswer = (function() {

        /**
         * Properties of a ChallengeAnswer.
         * @typedef {Object} weft.ChallengeAnswer.$Properties
         * @property {Uint8Array|null} [nonce] ChallengeAnswer nonce
         * @property {weft.Stage|null} [stage] ChallengeAnswer stage
         * @property {Uint8Array|null} [uuidHash] ChallengeAnswer uuidHash
         * @property {weft.ChallengeFault|null} [fault] ChallengeAnswer fault
         * @property {Array.<number>|null} [report] ChallengeAnswer report
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a ChallengeAnswer.
         * @memberof weft
         * @interface IChallengeAnswer
         * @augments weft.ChallengeAnswer.$Properties
         * @deprecated Use weft.ChallengeAnswer.$Properties instead.
         */

        /**
         * Shape of a ChallengeAnswer.
         * @typedef {weft.ChallengeAnswer.$Properties} weft.ChallengeAnswer.$Shape
         */

        /**
         * Constructs a new ChallengeAnswer.
         * @memberof weft
         * @classdesc Represents a ChallengeAnswer.
         * @constructor
         * @param {weft.ChallengeAnswer.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const ChallengeAnswer = function (properties) {
            this.report = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * ChallengeAnswer nonce.
         * @member {Uint8Array} nonce
         * @memberof weft.ChallengeAnswer
         * @instance
         */
        ChallengeAnswer.prototype.nonce = $util.newBuffer([]);

        /**
         * ChallengeAnswer stage.
         * @member {weft.Stage} stage
         * @memberof weft.ChallengeAnswer
         * @instance
         */
        ChallengeAnswer.prototype.stage = 0;

        /**
         * ChallengeAnswer uuidHash.
         * @member {Uint8Array} uuidHash
         * @memberof weft.ChallengeAnswer
         * @instance
         */
        ChallengeAnswer.prototype.uuidHash = $util.newBuffer([]);

        /**
         * ChallengeAnswer fault.
         * @member {weft.ChallengeFault} fault
         * @memberof weft.ChallengeAnswer
         * @instance
         */
        ChallengeAnswer.prototype.fault = 0;

        /**
         * ChallengeAnswer report.
         * @member {Array.<number>} report
         * @memberof weft.ChallengeAnswer
         * @instance
         */
        ChallengeAnswer.prototype.report = $util.emptyArray;

        /**
         * Creates a new ChallengeAnswer instance using the specified properties.
         * @function create
         * @memberof weft.ChallengeAnswer
         * @static
         * @param {weft.ChallengeAnswer.$Properties=} [properties] Properties to set
         * @returns {weft.ChallengeAnswer} ChallengeAnswer instance
         * @type {{
         *   (properties: weft.ChallengeAnswer.$Shape): weft.ChallengeAnswer & weft.ChallengeAnswer.$Shape;
         *   (properties?: weft.ChallengeAnswer.$Properties): weft.ChallengeAnswer;
         * }}
         */
        ChallengeAnswer.create = function(properties) {
            return new ChallengeAnswer(properties);
        };

        /**
         * Encodes the specified ChallengeAnswer message. Does not implicitly {@link weft.ChallengeAnswer.verify|verify} messages.
         * @function encode
         * @memberof weft.ChallengeAnswer
         * @static
         * @param {weft.ChallengeAnswer.$Properties} message ChallengeAnswer message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        ChallengeAnswer.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.nonce != null && $Object.hasOwnProperty.call(message, "nonce") && message.nonce.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.nonce);
            if (message.stage != null && $Object.hasOwnProperty.call(message, "stage") && message.stage !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).int32(message.stage);
            if (message.uuidHash != null && $Object.hasOwnProperty.call(message, "uuidHash") && message.uuidHash.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.uuidHash);
            if (message.fault != null && $Object.hasOwnProperty.call(message, "fault") && message.fault !== 0)
                writer.uint32(/* id 4, wireType 0 =*/32).int32(message.fault);
            if (message.report != null && message.report.length)
                writer.uint32(/* id 5, wireType 2 =*/42).uint32s(message.report);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a ChallengeAnswer message from the specified reader or buffer.
         * @function decode
         * @memberof weft.ChallengeAnswer
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.ChallengeAnswer & weft.ChallengeAnswer.$Shape} ChallengeAnswer
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        ChallengeAnswer.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.ChallengeAnswer();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.nonce = value;
                        else
                            delete message.nonce;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.stage = value;
                        else
                            delete message.stage;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.uuidHash = value;
                        else
                            delete message.uuidHash;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.fault = value;
                        else
                            delete message.fault;
                        continue;
                    }
                case 5: {
                        if (wireType === 2) {
                            if (!(message.report && message.report.length))
                                message.report = [];
                            reader.uint32s(message.report);
                            continue;
                        }
                        if (wireType !== 0)
                            break;
                        if (!(message.report && message.report.length))
                            message.report = [];
                        message.report.push(reader.uint32());
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return ChallengeAnswer;
    })();

    weft.MeasuredCard = (function() {

        /**
         * Properties of a MeasuredCard.
         * @typedef {Object} weft.MeasuredCard.$Properties
         * @property {Uint8Array|null} [uuidHash] MeasuredCard uuidHash
         * @property {number|null} [filledMib] MeasuredCard filledMib
         * @property {number|null} [fillMs] MeasuredCard fillMs
         * @property {number|null} [walkMs] MeasuredCard walkMs
         * @property {number|null} [rows] MeasuredCard rows
         * @property {number|null} [fp32Ms] MeasuredCard fp32Ms
         * @property {number|null} [fp16Ms] MeasuredCard fp16Ms
         * @property {number|null} [bf16Ms] MeasuredCard bf16Ms
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a MeasuredCard.
         * @memberof weft
         * @interface IMeasuredCard
         * @augments weft.MeasuredCard.$Properties
         * @deprecated Use weft.MeasuredCard.$Properties instead.
         */

        /**
         * Shape of a MeasuredCard.
         * @typedef {weft.MeasuredCard.$Properties} weft.MeasuredCard.$Shape
         */

        /**
         * Constructs a new MeasuredCard.
         * @memberof weft
         * @classdesc Represents a MeasuredCard.
         * @constructor
         * @param {weft.MeasuredCard.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const MeasuredCard = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * MeasuredCard uuidHash.
         * @member {Uint8Array} uuidHash
         * @memberof weft.MeasuredCard
         * @instance
         */
        MeasuredCard.prototype.uuidHash = $util.newBuffer([]);

        /**
         * MeasuredCard filledMib.
         * @member {number} filledMib
         * @memberof weft.MeasuredCard
         * @instance
         */
        MeasuredCard.prototype.filledMib = 0;

        /**
         * MeasuredCard fillMs.
         * @member {number} fillMs
         * @memberof weft.MeasuredCard
         * @instance
         */
        MeasuredCard.prototype.fillMs = 0;

        /**
         * MeasuredCard walkMs.
         * @member {number} walkMs
         * @memberof weft.MeasuredCard
         * @instance
         */
        MeasuredCard.prototype.walkMs = 0;

        /**
         * MeasuredCard rows.
         * @member {number} rows
         * @memberof weft.MeasuredCard
         * @instance
         */
        MeasuredCard.prototype.rows = 0;

        /**
         * MeasuredCard fp32Ms.
         * @member {number} fp32Ms
         * @memberof weft.MeasuredCard
         * @instance
         */
        MeasuredCard.prototype.fp32Ms = 0;

        /**
         * MeasuredCard fp16Ms.
         * @member {number} fp16Ms
         * @memberof weft.MeasuredCard
         * @instance
         */
        MeasuredCard.prototype.fp16Ms = 0;

        /**
         * MeasuredCard bf16Ms.
         * @member {number} bf16Ms
         * @memberof weft.MeasuredCard
         * @instance
         */
        MeasuredCard.prototype.bf16Ms = 0;

        /**
         * Creates a new MeasuredCard instance using the specified properties.
         * @function create
         * @memberof weft.MeasuredCard
         * @static
         * @param {weft.MeasuredCard.$Properties=} [properties] Properties to set
         * @returns {weft.MeasuredCard} MeasuredCard instance
         * @type {{
         *   (properties: weft.MeasuredCard.$Shape): weft.MeasuredCard & weft.MeasuredCard.$Shape;
         *   (properties?: weft.MeasuredCard.$Properties): weft.MeasuredCard;
         * }}
         */
        MeasuredCard.create = function(properties) {
            return new MeasuredCard(properties);
        };

        /**
         * Encodes the specified MeasuredCard message. Does not implicitly {@link weft.MeasuredCard.verify|verify} messages.
         * @function encode
         * @memberof weft.MeasuredCard
         * @static
         * @param {weft.MeasuredCard.$Properties} message MeasuredCard message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        MeasuredCard.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.uuidHash != null && $Object.hasOwnProperty.call(message, "uuidHash") && message.uuidHash.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.uuidHash);
            if (message.filledMib != null && $Object.hasOwnProperty.call(message, "filledMib") && message.filledMib !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.filledMib);
            if (message.fillMs != null && $Object.hasOwnProperty.call(message, "fillMs") && message.fillMs !== 0)
                writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.fillMs);
            if (message.walkMs != null && $Object.hasOwnProperty.call(message, "walkMs") && message.walkMs !== 0)
                writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.walkMs);
            if (message.rows != null && $Object.hasOwnProperty.call(message, "rows") && message.rows !== 0)
                writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.rows);
            if (message.fp32Ms != null && $Object.hasOwnProperty.call(message, "fp32Ms") && message.fp32Ms !== 0)
                writer.uint32(/* id 6, wireType 0 =*/48).uint32(message.fp32Ms);
            if (message.fp16Ms != null && $Object.hasOwnProperty.call(message, "fp16Ms") && message.fp16Ms !== 0)
                writer.uint32(/* id 7, wireType 0 =*/56).uint32(message.fp16Ms);
            if (message.bf16Ms != null && $Object.hasOwnProperty.call(message, "bf16Ms") && message.bf16Ms !== 0)
                writer.uint32(/* id 1000, wireType 0 =*/8000).uint32(message.bf16Ms);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a MeasuredCard message from the specified reader or buffer.
         * @function decode
         * @memberof weft.MeasuredCard
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.MeasuredCard & weft.MeasuredCard.$Shape} MeasuredCard
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        MeasuredCard.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.MeasuredCard();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.uuidHash = value;
                        else
                            delete message.uuidHash;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.filledMib = value;
                        else
                            delete message.filledMib;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.fillMs = value;
                        else
                            delete message.fillMs;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.walkMs = value;
                        else
                            delete message.walkMs;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.rows = value;
                        else
                            delete message.rows;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.fp32Ms = value;
                        else
                            delete message.fp32Ms;
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.fp16Ms = value;
                        else
                            delete message.fp16Ms;
                        continue;
                    }
                case 1000: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.bf16Ms = value;
                        else
                            delete message.bf16Ms;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return MeasuredCard;
    })();

    weft.Measurement = (function() {

        /**
         * Properties of a Measurement.
         * @typedef {Object} weft.Measurement.$Properties
         * @property {string|null} [provider] Measurement provider
         * @property {Uint8Array|null} [nonce] Measurement nonce
         * @property {Array.<weft.MeasuredCard.$Properties>|null} [cards] Measurement cards
         * @property {number|null} [together] Measurement together
         * @property {Long|null} [issuedAt] Measurement issuedAt
         * @property {Long|null} [expiresAt] Measurement expiresAt
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Measurement.
         * @memberof weft
         * @interface IMeasurement
         * @augments weft.Measurement.$Properties
         * @deprecated Use weft.Measurement.$Properties instead.
         */

        /**
         * Shape of a Measurement.
         * @typedef {weft.Measurement.$Properties} weft.Measurement.$Shape
         */

        /**
         * Constructs a new Measurement.
         * @memberof weft
         * @classdesc Represents a Measurement.
         * @constructor
         * @param {weft.Measurement.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Measurement = function (properties) {
            this.cards = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Measurement provider.
         * @member {string} provider
         * @memberof weft.Measurement
         * @instance
         */
        Measurement.prototype.provider = "";

        /**
         * Measurement nonce.
         * @member {Uint8Array} nonce
         * @memberof weft.Measurement
         * @instance
         */
        Measurement.prototype.nonce = $util.newBuffer([]);

        /**
         * Measurement cards.
         * @member {Array.<weft.MeasuredCard.$Properties>} cards
         * @memberof weft.Measurement
         * @instance
         */
        Measurement.prototype.cards = $util.emptyArray;

        /**
         * Measurement together.
         * @member {number} together
         * @memberof weft.Measurement
         * @instance
         */
        Measurement.prototype.together = 0;

        /**
         * Measurement issuedAt.
         * @member {Long} issuedAt
         * @memberof weft.Measurement
         * @instance
         */
        Measurement.prototype.issuedAt = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Measurement expiresAt.
         * @member {Long} expiresAt
         * @memberof weft.Measurement
         * @instance
         */
        Measurement.prototype.expiresAt = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Creates a new Measurement instance using the specified properties.
         * @function create
         * @memberof weft.Measurement
         * @static
         * @param {weft.Measurement.$Properties=} [properties] Properties to set
         * @returns {weft.Measurement} Measurement instance
         * @type {{
         *   (properties: weft.Measurement.$Shape): weft.Measurement & weft.Measurement.$Shape;
         *   (properties?: weft.Measurement.$Properties): weft.Measurement;
         * }}
         */
        Measurement.create = function(properties) {
            return new Measurement(properties);
        };

        /**
         * Encodes the specified Measurement message. Does not implicitly {@link weft.Measurement.verify|verify} messages.
         * @function encode
         * @memberof weft.Measurement
         * @static
         * @param {weft.Measurement.$Properties} message Measurement message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Measurement.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.provider != null && $Object.hasOwnProperty.call(message, "provider") && message.provider !== "")
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.provider);
            if (message.nonce != null && $Object.hasOwnProperty.call(message, "nonce") && message.nonce.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.nonce);
            if (message.cards != null && message.cards.length)
                for (let i = 0; i < message.cards.length; ++i)
                    $root.weft.MeasuredCard.encode(message.cards[i], writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
            if (message.together != null && $Object.hasOwnProperty.call(message, "together") && message.together !== 0)
                writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.together);
            if (message.issuedAt != null && $Object.hasOwnProperty.call(message, "issuedAt") && (typeof message.issuedAt === "object" ? message.issuedAt.low || message.issuedAt.high : message.issuedAt !== 0))
                writer.uint32(/* id 5, wireType 0 =*/40).uint64(message.issuedAt);
            if (message.expiresAt != null && $Object.hasOwnProperty.call(message, "expiresAt") && (typeof message.expiresAt === "object" ? message.expiresAt.low || message.expiresAt.high : message.expiresAt !== 0))
                writer.uint32(/* id 6, wireType 0 =*/48).uint64(message.expiresAt);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Measurement message from the specified reader or buffer.
         * @function decode
         * @memberof weft.Measurement
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.Measurement & weft.Measurement.$Shape} Measurement
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Measurement.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.Measurement();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.provider = value;
                        else
                            delete message.provider;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.nonce = value;
                        else
                            delete message.nonce;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if (!(message.cards && message.cards.length))
                            message.cards = [];
                        message.cards.push($root.weft.MeasuredCard.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.together = value;
                        else
                            delete message.together;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.issuedAt = value;
                        else
                            delete message.issuedAt;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.expiresAt = value;
                        else
                            delete message.expiresAt;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Measurement;
    })();

    weft.Measurements = (function() {

        /**
         * Properties of a Measurements.
         * @typedef {Object} weft.Measurements.$Properties
         * @property {Array.<Uint8Array>|null} [measurements] Measurements measurements
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Measurements.
         * @memberof weft
         * @interface IMeasurements
         * @augments weft.Measurements.$Properties
         * @deprecated Use weft.Measurements.$Properties instead.
         */

        /**
         * Shape of a Measurements.
         * @typedef {weft.Measurements.$Properties} weft.Measurements.$Shape
         */

        /**
         * Constructs a new Measurements.
         * @memberof weft
         * @classdesc Represents a Measurements.
         * @constructor
         * @param {weft.Measurements.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Measurements = function (properties) {
            this.measurements = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Measurements measurements.
         * @member {Array.<Uint8Array>} measurements
         * @memberof weft.Measurements
         * @instance
         */
        Measurements.prototype.measurements = $util.emptyArray;

        /**
         * Creates a new Measurements instance using the specified properties.
         * @function create
         * @memberof weft.Measurements
         * @static
         * @param {weft.Measurements.$Properties=} [properties] Properties to set
         * @returns {weft.Measurements} Measurements instance
         * @type {{
         *   (properties: weft.Measurements.$Shape): weft.Measurements & weft.Measurements.$Shape;
         *   (properties?: weft.Measurements.$Properties): weft.Measurements;
         * }}
         */
        Measurements.create = function(properties) {
            return new Measurements(properties);
        };

        /**
         * Encodes the specified Measurements message. Does not implicitly {@link weft.Measurements.verify|verify} messages.
         * @function encode
         * @memberof weft.Measurements
         * @static
         * @param {weft.Measurements.$Properties} message Measurements message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Measurements.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.measurements != null && message.measurements.length)
                for (let i = 0; i < message.measurements.length; ++i)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.measurements[i]);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Measurements message from the specified reader or buffer.
         * @function decode
         * @memberof weft.Measurements
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.Measurements & weft.Measurements.$Shape} Measurements
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Measurements.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.Measurements();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if (!(message.measurements && message.measurements.length))
                            message.measurements = [];
                        message.measurements.push(reader.bytes());
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Measurements;
    })();

    weft.StatementLine = (function() {

        /**
         * Properties of a StatementLine.
         * @typedef {Object} weft.StatementLine.$Properties
         * @property {Uint8Array|null} [leaseId] StatementLine leaseId
         * @property {number|null} [seq] StatementLine seq
         * @property {Uint8Array|null} [receiptId] StatementLine receiptId
         * @property {Long|null} [amount] StatementLine amount
         * @property {Long|null} [stated] StatementLine stated
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a StatementLine.
         * @memberof weft
         * @interface IStatementLine
         * @augments weft.StatementLine.$Properties
         * @deprecated Use weft.StatementLine.$Properties instead.
         */

        /**
         * Shape of a StatementLine.
         * @typedef {weft.StatementLine.$Properties} weft.StatementLine.$Shape
         */

        /**
         * Constructs a new StatementLine.
         * @memberof weft
         * @classdesc Represents a StatementLine.
         * @constructor
         * @param {weft.StatementLine.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const StatementLine = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * StatementLine leaseId.
         * @member {Uint8Array} leaseId
         * @memberof weft.StatementLine
         * @instance
         */
        StatementLine.prototype.leaseId = $util.newBuffer([]);

        /**
         * StatementLine seq.
         * @member {number} seq
         * @memberof weft.StatementLine
         * @instance
         */
        StatementLine.prototype.seq = 0;

        /**
         * StatementLine receiptId.
         * @member {Uint8Array} receiptId
         * @memberof weft.StatementLine
         * @instance
         */
        StatementLine.prototype.receiptId = $util.newBuffer([]);

        /**
         * StatementLine amount.
         * @member {Long} amount
         * @memberof weft.StatementLine
         * @instance
         */
        StatementLine.prototype.amount = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * StatementLine stated.
         * @member {Long} stated
         * @memberof weft.StatementLine
         * @instance
         */
        StatementLine.prototype.stated = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Creates a new StatementLine instance using the specified properties.
         * @function create
         * @memberof weft.StatementLine
         * @static
         * @param {weft.StatementLine.$Properties=} [properties] Properties to set
         * @returns {weft.StatementLine} StatementLine instance
         * @type {{
         *   (properties: weft.StatementLine.$Shape): weft.StatementLine & weft.StatementLine.$Shape;
         *   (properties?: weft.StatementLine.$Properties): weft.StatementLine;
         * }}
         */
        StatementLine.create = function(properties) {
            return new StatementLine(properties);
        };

        /**
         * Encodes the specified StatementLine message. Does not implicitly {@link weft.StatementLine.verify|verify} messages.
         * @function encode
         * @memberof weft.StatementLine
         * @static
         * @param {weft.StatementLine.$Properties} message StatementLine message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        StatementLine.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.leaseId != null && $Object.hasOwnProperty.call(message, "leaseId") && message.leaseId.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.leaseId);
            if (message.seq != null && $Object.hasOwnProperty.call(message, "seq") && message.seq !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.seq);
            if (message.receiptId != null && $Object.hasOwnProperty.call(message, "receiptId") && message.receiptId.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.receiptId);
            if (message.amount != null && $Object.hasOwnProperty.call(message, "amount") && (typeof message.amount === "object" ? message.amount.low || message.amount.high : message.amount !== 0))
                writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.amount);
            if (message.stated != null && $Object.hasOwnProperty.call(message, "stated") && (typeof message.stated === "object" ? message.stated.low || message.stated.high : message.stated !== 0))
                writer.uint32(/* id 5, wireType 0 =*/40).uint64(message.stated);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a StatementLine message from the specified reader or buffer.
         * @function decode
         * @memberof weft.StatementLine
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.StatementLine & weft.StatementLine.$Shape} StatementLine
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        StatementLine.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.StatementLine();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.leaseId = value;
                        else
                            delete message.leaseId;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.seq = value;
                        else
                            delete message.seq;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.receiptId = value;
                        else
                            delete message.receiptId;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.amount = value;
                        else
                            delete message.amount;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.stated = value;
                        else
                            delete message.stated;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return StatementLine;
    })();

    weft.Statement = (function() {

        /**
         * Properties of a Statement.
         * @typedef {Object} weft.Statement.$Properties
         * @property {string|null} [low] Statement low
         * @property {string|null} [high] Statement high
         * @property {string|null} [currency] Statement currency
         * @property {number|null} [number] Statement number
         * @property {number|null} [round] Statement round
         * @property {Uint8Array|null} [prevHash] Statement prevHash
         * @property {Array.<weft.StatementLine.$Properties>|null} [lowEarned] Statement lowEarned
         * @property {Array.<weft.StatementLine.$Properties>|null} [highEarned] Statement highEarned
         * @property {Long|null} [lowGross] Statement lowGross
         * @property {Long|null} [highGross] Statement highGross
         * @property {Long|null} [net] Statement net
         * @property {string|null} [creditor] Statement creditor
         * @property {Long|null} [issuedAt] Statement issuedAt
         * @property {Long|null} [expiresAt] Statement expiresAt
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Statement.
         * @memberof weft
         * @interface IStatement
         * @augments weft.Statement.$Properties
         * @deprecated Use weft.Statement.$Properties instead.
         */

        /**
         * Shape of a Statement.
         * @typedef {weft.Statement.$Properties} weft.Statement.$Shape
         */

        /**
         * Constructs a new Statement.
         * @memberof weft
         * @classdesc Represents a Statement.
         * @constructor
         * @param {weft.Statement.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Statement = function (properties) {
            this.lowEarned = [];
            this.highEarned = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Statement low.
         * @member {string} low
         * @memberof weft.Statement
         * @instance
         */
        Statement.prototype.low = "";

        /**
         * Statement high.
         * @member {string} high
         * @memberof weft.Statement
         * @instance
         */
        Statement.prototype.high = "";

        /**
         * Statement currency.
         * @member {string} currency
         * @memberof weft.Statement
         * @instance
         */
        Statement.prototype.currency = "";

        /**
         * Statement number.
         * @member {number} number
         * @memberof weft.Statement
         * @instance
         */
        Statement.prototype.number = 0;

        /**
         * Statement round.
         * @member {number} round
         * @memberof weft.Statement
         * @instance
         */
        Statement.prototype.round = 0;

        /**
         * Statement prevHash.
         * @member {Uint8Array} prevHash
         * @memberof weft.Statement
         * @instance
         */
        Statement.prototype.prevHash = $util.newBuffer([]);

        /**
         * Statement lowEarned.
         * @member {Array.<weft.StatementLine.$Properties>} lowEarned
         * @memberof weft.Statement
         * @instance
         */
        Statement.prototype.lowEarned = $util.emptyArray;

        /**
         * Statement highEarned.
         * @member {Array.<weft.StatementLine.$Properties>} highEarned
         * @memberof weft.Statement
         * @instance
         */
        Statement.prototype.highEarned = $util.emptyArray;

        /**
         * Statement lowGross.
         * @member {Long} lowGross
         * @memberof weft.Statement
         * @instance
         */
        Statement.prototype.lowGross = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Statement highGross.
         * @member {Long} highGross
         * @memberof weft.Statement
         * @instance
         */
        Statement.prototype.highGross = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Statement net.
         * @member {Long} net
         * @memberof weft.Statement
         * @instance
         */
        Statement.prototype.net = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Statement creditor.
         * @member {string} creditor
         * @memberof weft.Statement
         * @instance
         */
        Statement.prototype.creditor = "";

        /**
         * Statement issuedAt.
         * @member {Long} issuedAt
         * @memberof weft.Statement
         * @instance
         */
        Statement.prototype.issuedAt = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Statement expiresAt.
         * @member {Long} expiresAt
         * @memberof weft.Statement
         * @instance
         */
        Statement.prototype.expiresAt = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Creates a new Statement instance using the specified properties.
         * @function create
         * @memberof weft.Statement
         * @static
         * @param {weft.Statement.$Properties=} [properties] Properties to set
         * @returns {weft.Statement} Statement instance
         * @type {{
         *   (properties: weft.Statement.$Shape): weft.Statement & weft.Statement.$Shape;
         *   (properties?: weft.Statement.$Properties): weft.Statement;
         * }}
         */
        Statement.create = function(properties) {
            return new Statement(properties);
        };

        /**
         * Encodes the specified Statement message. Does not implicitly {@link weft.Statement.verify|verify} messages.
         * @function encode
         * @memberof weft.Statement
         * @static
         * @param {weft.Statement.$Properties} message Statement message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Statement.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.low != null && $Object.hasOwnProperty.call(message, "low") && message.low !== "")
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.low);
            if (message.high != null && $Object.hasOwnProperty.call(message, "high") && message.high !== "")
                writer.uint32(/* id 2, wireType 2 =*/18).string(message.high);
            if (message.currency != null && $Object.hasOwnProperty.call(message, "currency") && message.currency !== "")
                writer.uint32(/* id 3, wireType 2 =*/26).string(message.currency);
            if (message.number != null && $Object.hasOwnProperty.call(message, "number") && message.number !== 0)
                writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.number);
            if (message.round != null && $Object.hasOwnProperty.call(message, "round") && message.round !== 0)
                writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.round);
            if (message.prevHash != null && $Object.hasOwnProperty.call(message, "prevHash") && message.prevHash.length)
                writer.uint32(/* id 6, wireType 2 =*/50).bytes(message.prevHash);
            if (message.lowEarned != null && message.lowEarned.length)
                for (let i = 0; i < message.lowEarned.length; ++i)
                    $root.weft.StatementLine.encode(message.lowEarned[i], writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
            if (message.highEarned != null && message.highEarned.length)
                for (let i = 0; i < message.highEarned.length; ++i)
                    $root.weft.StatementLine.encode(message.highEarned[i], writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
            if (message.lowGross != null && $Object.hasOwnProperty.call(message, "lowGross") && (typeof message.lowGross === "object" ? message.lowGross.low || message.lowGross.high : message.lowGross !== 0))
                writer.uint32(/* id 9, wireType 0 =*/72).uint64(message.lowGross);
            if (message.highGross != null && $Object.hasOwnProperty.call(message, "highGross") && (typeof message.highGross === "object" ? message.highGross.low || message.highGross.high : message.highGross !== 0))
                writer.uint32(/* id 10, wireType 0 =*/80).uint64(message.highGross);
            if (message.net != null && $Object.hasOwnProperty.call(message, "net") && (typeof message.net === "object" ? message.net.low || message.net.high : message.net !== 0))
                writer.uint32(/* id 11, wireType 0 =*/88).uint64(message.net);
            if (message.creditor != null && $Object.hasOwnProperty.call(message, "creditor") && message.creditor !== "")
                writer.uint32(/* id 12, wireType 2 =*/98).string(message.creditor);
            if (message.issuedAt != null && $Object.hasOwnProperty.call(message, "issuedAt") && (typeof message.issuedAt === "object" ? message.issuedAt.low || message.issuedAt.high : message.issuedAt !== 0))
                writer.uint32(/* id 13, wireType 0 =*/104).uint64(message.issuedAt);
            if (message.expiresAt != null && $Object.hasOwnProperty.call(message, "expiresAt") && (typeof message.expiresAt === "object" ? message.expiresAt.low || message.expiresAt.high : message.expiresAt !== 0))
                writer.uint32(/* id 14, wireType 0 =*/112).uint64(message.expiresAt);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Statement message from the specified reader or buffer.
         * @function decode
         * @memberof weft.Statement
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.Statement & weft.Statement.$Shape} Statement
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Statement.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.Statement();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.low = value;
                        else
                            delete message.low;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.high = value;
                        else
                            delete message.high;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.currency = value;
                        else
                            delete message.currency;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.number = value;
                        else
                            delete message.number;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.round = value;
                        else
                            delete message.round;
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.prevHash = value;
                        else
                            delete message.prevHash;
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        if (!(message.lowEarned && message.lowEarned.length))
                            message.lowEarned = [];
                        message.lowEarned.push($root.weft.StatementLine.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        if (!(message.highEarned && message.highEarned.length))
                            message.highEarned = [];
                        message.highEarned.push($root.weft.StatementLine.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 9: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.lowGross = value;
                        else
                            delete message.lowGross;
                        continue;
                    }
                case 10: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.highGross = value;
                        else
                            delete message.highGross;
                        continue;
                    }
                case 11: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.net = value;
                        else
                            delete message.net;
                        continue;
                    }
                case 12: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.creditor = value;
                        else
                            delete message.creditor;
                        continue;
                    }
                case 13: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.issuedAt = value;
                        else
                            delete message.issuedAt;
                        continue;
                    }
                case 14: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.expiresAt = value;
                        else
                            delete message.expiresAt;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Statement;
    })();

    weft.StatementAnswer = (function() {

        /**
         * Properties of a StatementAnswer.
         * @typedef {Object} weft.StatementAnswer.$Properties
         * @property {Uint8Array|null} [statementId] StatementAnswer statementId
         * @property {weft.Verdict|null} [verdict] StatementAnswer verdict
         * @property {string|null} [objection] StatementAnswer objection
         * @property {Uint8Array|null} [leaseId] StatementAnswer leaseId
         * @property {number|null} [round] StatementAnswer round
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a StatementAnswer.
         * @memberof weft
         * @interface IStatementAnswer
         * @augments weft.StatementAnswer.$Properties
         * @deprecated Use weft.StatementAnswer.$Properties instead.
         */

        /**
         * Shape of a StatementAnswer.
         * @typedef {weft.StatementAnswer.$Properties} weft.StatementAnswer.$Shape
         */

        /**
         * Constructs a new StatementAnswer.
         * @memberof weft
         * @classdesc Represents a StatementAnswer.
         * @constructor
         * @param {weft.StatementAnswer.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const StatementAnswer = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * StatementAnswer statementId.
         * @member {Uint8Array} statementId
         * @memberof weft.StatementAnswer
         * @instance
         */
        StatementAnswer.prototype.statementId = $util.newBuffer([]);

        /**
         * StatementAnswer verdict.
         * @member {weft.Verdict} verdict
         * @memberof weft.StatementAnswer
         * @instance
         */
        StatementAnswer.prototype.verdict = 0;

        /**
         * StatementAnswer objection.
         * @member {string} objection
         * @memberof weft.StatementAnswer
         * @instance
         */
        StatementAnswer.prototype.objection = "";

        /**
         * StatementAnswer leaseId.
         * @member {Uint8Array} leaseId
         * @memberof weft.StatementAnswer
         * @instance
         */
        StatementAnswer.prototype.leaseId = $util.newBuffer([]);

        /**
         * StatementAnswer round.
         * @member {number} round
         * @memberof weft.StatementAnswer
         * @instance
         */
        StatementAnswer.prototype.round = 0;

        /**
         * Creates a new StatementAnswer instance using the specified properties.
         * @function create
         * @memberof weft.StatementAnswer
         * @static
         * @param {weft.StatementAnswer.$Properties=} [properties] Properties to set
         * @returns {weft.StatementAnswer} StatementAnswer instance
         * @type {{
         *   (properties: weft.StatementAnswer.$Shape): weft.StatementAnswer & weft.StatementAnswer.$Shape;
         *   (properties?: weft.StatementAnswer.$Properties): weft.StatementAnswer;
         * }}
         */
        StatementAnswer.create = function(properties) {
            return new StatementAnswer(properties);
        };

        /**
         * Encodes the specified StatementAnswer message. Does not implicitly {@link weft.StatementAnswer.verify|verify} messages.
         * @function encode
         * @memberof weft.StatementAnswer
         * @static
         * @param {weft.StatementAnswer.$Properties} message StatementAnswer message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        StatementAnswer.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.statementId != null && $Object.hasOwnProperty.call(message, "statementId") && message.statementId.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.statementId);
            if (message.verdict != null && $Object.hasOwnProperty.call(message, "verdict") && message.verdict !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).int32(message.verdict);
            if (message.objection != null && $Object.hasOwnProperty.call(message, "objection") && message.objection !== "")
                writer.uint32(/* id 3, wireType 2 =*/26).string(message.objection);
            if (message.leaseId != null && $Object.hasOwnProperty.call(message, "leaseId") && message.leaseId.length)
                writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.leaseId);
            if (message.round != null && $Object.hasOwnProperty.call(message, "round") && message.round !== 0)
                writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.round);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a StatementAnswer message from the specified reader or buffer.
         * @function decode
         * @memberof weft.StatementAnswer
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.StatementAnswer & weft.StatementAnswer.$Shape} StatementAnswer
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        StatementAnswer.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.StatementAnswer();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.statementId = value;
                        else
                            delete message.statementId;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.verdict = value;
                        else
                            delete message.verdict;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.objection = value;
                        else
                            delete message.objection;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.leaseId = value;
                        else
                            delete message.leaseId;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.round = value;
                        else
                            delete message.round;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return StatementAnswer;
    })();

    weft.Paid = (function() {

        /**
         * Properties of a Paid.
         * @typedef {Object} weft.Paid.$Properties
         * @property {Uint8Array|null} [statementId] Paid statementId
         * @property {string|null} [currency] Paid currency
         * @property {number|null} [number] Paid number
         * @property {string|null} [reference] Paid reference
         * @property {Long|null} [paidAt] Paid paidAt
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Paid.
         * @memberof weft
         * @interface IPaid
         * @augments weft.Paid.$Properties
         * @deprecated Use weft.Paid.$Properties instead.
         */

        /**
         * Shape of a Paid.
         * @typedef {weft.Paid.$Properties} weft.Paid.$Shape
         */

        /**
         * Constructs a new Paid.
         * @memberof weft
         * @classdesc Represents a Paid.
         * @constructor
         * @param {weft.Paid.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Paid = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Paid statementId.
         * @member {Uint8Array} statementId
         * @memberof weft.Paid
         * @instance
         */
        Paid.prototype.statementId = $util.newBuffer([]);

        /**
         * Paid currency.
         * @member {string} currency
         * @memberof weft.Paid
         * @instance
         */
        Paid.prototype.currency = "";

        /**
         * Paid number.
         * @member {number} number
         * @memberof weft.Paid
         * @instance
         */
        Paid.prototype.number = 0;

        /**
         * Paid reference.
         * @member {string} reference
         * @memberof weft.Paid
         * @instance
         */
        Paid.prototype.reference = "";

        /**
         * Paid paidAt.
         * @member {Long} paidAt
         * @memberof weft.Paid
         * @instance
         */
        Paid.prototype.paidAt = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Creates a new Paid instance using the specified properties.
         * @function create
         * @memberof weft.Paid
         * @static
         * @param {weft.Paid.$Properties=} [properties] Properties to set
         * @returns {weft.Paid} Paid instance
         * @type {{
         *   (properties: weft.Paid.$Shape): weft.Paid & weft.Paid.$Shape;
         *   (properties?: weft.Paid.$Properties): weft.Paid;
         * }}
         */
        Paid.create = function(properties) {
            return new Paid(properties);
        };

        /**
         * Encodes the specified Paid message. Does not implicitly {@link weft.Paid.verify|verify} messages.
         * @function encode
         * @memberof weft.Paid
         * @static
         * @param {weft.Paid.$Properties} message Paid message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Paid.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.statementId != null && $Object.hasOwnProperty.call(message, "statementId") && message.statementId.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.statementId);
            if (message.currency != null && $Object.hasOwnProperty.call(message, "currency") && message.currency !== "")
                writer.uint32(/* id 2, wireType 2 =*/18).string(message.currency);
            if (message.number != null && $Object.hasOwnProperty.call(message, "number") && message.number !== 0)
                writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.number);
            if (message.reference != null && $Object.hasOwnProperty.call(message, "reference") && message.reference !== "")
                writer.uint32(/* id 4, wireType 2 =*/34).string(message.reference);
            if (message.paidAt != null && $Object.hasOwnProperty.call(message, "paidAt") && (typeof message.paidAt === "object" ? message.paidAt.low || message.paidAt.high : message.paidAt !== 0))
                writer.uint32(/* id 5, wireType 0 =*/40).uint64(message.paidAt);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Paid message from the specified reader or buffer.
         * @function decode
         * @memberof weft.Paid
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.Paid & weft.Paid.$Shape} Paid
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Paid.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.Paid();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.statementId = value;
                        else
                            delete message.statementId;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.currency = value;
                        else
                            delete message.currency;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.number = value;
                        else
                            delete message.number;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.reference = value;
                        else
                            delete message.reference;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.paidAt = value;
                        else
                            delete message.paidAt;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Paid;
    })();

    weft.PaidReceived = (function() {

        /**
         * Properties of a PaidReceived.
         * @typedef {Object} weft.PaidReceived.$Properties
         * @property {Uint8Array|null} [paidId] PaidReceived paidId
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a PaidReceived.
         * @memberof weft
         * @interface IPaidReceived
         * @augments weft.PaidReceived.$Properties
         * @deprecated Use weft.PaidReceived.$Properties instead.
         */

        /**
         * Shape of a PaidReceived.
         * @typedef {weft.PaidReceived.$Properties} weft.PaidReceived.$Shape
         */

        /**
         * Constructs a new PaidReceived.
         * @memberof weft
         * @classdesc Represents a PaidReceived.
         * @constructor
         * @param {weft.PaidReceived.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const PaidReceived = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * PaidReceived paidId.
         * @member {Uint8Array} paidId
         * @memberof weft.PaidReceived
         * @instance
         */
        PaidReceived.prototype.paidId = $util.newBuffer([]);

        /**
         * Creates a new PaidReceived instance using the specified properties.
         * @function create
         * @memberof weft.PaidReceived
         * @static
         * @param {weft.PaidReceived.$Properties=} [properties] Properties to set
         * @returns {weft.PaidReceived} PaidReceived instance
         * @type {{
         *   (properties: weft.PaidReceived.$Shape): weft.PaidReceived & weft.PaidReceived.$Shape;
         *   (properties?: weft.PaidReceived.$Properties): weft.PaidReceived;
         * }}
         */
        PaidReceived.create = function(properties) {
            return new PaidReceived(properties);
        };

        /**
         * Encodes the specified PaidReceived message. Does not implicitly {@link weft.PaidReceived.verify|verify} messages.
         * @function encode
         * @memberof weft.PaidReceived
         * @static
         * @param {weft.PaidReceived.$Properties} message PaidReceived message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        PaidReceived.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.paidId != null && $Object.hasOwnProperty.call(message, "paidId") && message.paidId.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.paidId);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a PaidReceived message from the specified reader or buffer.
         * @function decode
         * @memberof weft.PaidReceived
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.PaidReceived & weft.PaidReceived.$Shape} PaidReceived
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        PaidReceived.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.PaidReceived();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.paidId = value;
                        else
                            delete message.paidId;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PaidReceived;
    })();

    weft.StatementState = (function() {

        /**
         * Properties of a StatementState.
         * @typedef {Object} weft.StatementState.$Properties
         * @property {string|null} [currency] StatementState currency
         * @property {number|null} [number] StatementState number
         * @property {Uint8Array|null} [statement] StatementState statement
         * @property {Uint8Array|null} [answer] StatementState answer
         * @property {Uint8Array|null} [paid] StatementState paid
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a StatementState.
         * @memberof weft
         * @interface IStatementState
         * @augments weft.StatementState.$Properties
         * @deprecated Use weft.StatementState.$Properties instead.
         */

        /**
         * Shape of a StatementState.
         * @typedef {weft.StatementState.$Properties} weft.StatementState.$Shape
         */

        /**
         * Constructs a new StatementState.
         * @memberof weft
         * @classdesc Represents a StatementState.
         * @constructor
         * @param {weft.StatementState.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const StatementState = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * StatementState currency.
         * @member {string} currency
         * @memberof weft.StatementState
         * @instance
         */
        StatementState.prototype.currency = "";

        /**
         * StatementState number.
         * @member {number} number
         * @memberof weft.StatementState
         * @instance
         */
        StatementState.prototype.number = 0;

        /**
         * StatementState statement.
         * @member {Uint8Array} statement
         * @memberof weft.StatementState
         * @instance
         */
        StatementState.prototype.statement = $util.newBuffer([]);

        /**
         * StatementState answer.
         * @member {Uint8Array} answer
         * @memberof weft.StatementState
         * @instance
         */
        StatementState.prototype.answer = $util.newBuffer([]);

        /**
         * StatementState paid.
         * @member {Uint8Array} paid
         * @memberof weft.StatementState
         * @instance
         */
        StatementState.prototype.paid = $util.newBuffer([]);

        /**
         * Creates a new StatementState instance using the specified properties.
         * @function create
         * @memberof weft.StatementState
         * @static
         * @param {weft.StatementState.$Properties=} [properties] Properties to set
         * @returns {weft.StatementState} StatementState instance
         * @type {{
         *   (properties: weft.StatementState.$Shape): weft.StatementState & weft.StatementState.$Shape;
         *   (properties?: weft.StatementState.$Properties): weft.StatementState;
         * }}
         */
        StatementState.create = function(properties) {
            return new StatementState(properties);
        };

        /**
         * Encodes the specified StatementState message. Does not implicitly {@link weft.StatementState.verify|verify} messages.
         * @function encode
         * @memberof weft.StatementState
         * @static
         * @param {weft.StatementState.$Properties} message StatementState message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        StatementState.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.currency != null && $Object.hasOwnProperty.call(message, "currency") && message.currency !== "")
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.currency);
            if (message.number != null && $Object.hasOwnProperty.call(message, "number") && message.number !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.number);
            if (message.statement != null && $Object.hasOwnProperty.call(message, "statement") && message.statement.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.statement);
            if (message.answer != null && $Object.hasOwnProperty.call(message, "answer") && message.answer.length)
                writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.answer);
            if (message.paid != null && $Object.hasOwnProperty.call(message, "paid") && message.paid.length)
                writer.uint32(/* id 1000, wireType 2 =*/8002).bytes(message.paid);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a StatementState message from the specified reader or buffer.
         * @function decode
         * @memberof weft.StatementState
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {weft.StatementState & weft.StatementState.$Shape} StatementState
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        StatementState.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.weft.StatementState();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.currency = value;
                        else
                            delete message.currency;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.number = value;
                        else
                            delete message.number;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.statement = value;
                        else
                            delete message.statement;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.answer = value;
                        else
                            delete message.answer;
                        continue;
                    }
                case 1000: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.paid = value;
                        else
                            delete message.paid;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return StatementState;
    })();

    return weft;
})();

export {
  $root as default
};
