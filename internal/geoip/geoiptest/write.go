package geoiptest

import (
	"encoding/binary"
	"maps"
	"math"
	"net/netip"
	"os"
	"slices"
	"testing"
)

// Place is the record of a network in a database of cities.
func Place(country, city string, latitude, longitude float64) map[string]any {
	return map[string]any{
		"continent": map[string]any{"code": "EU"},
		"country":   map[string]any{"iso_code": country},
		"city":      map[string]any{"names": map[string]any{"en": city}},
		"location":  map[string]any{"latitude": latitude, "longitude": longitude},
	}
}

// Network is the record of a network in a database of autonomous systems.
func Network(asn uint32, organisation string) map[string]any {
	return map[string]any{"autonomous_system_number": asn, "autonomous_system_organization": organisation}
}

// Write writes a database of records by network ("192.0.2.0/24"), in place of the file that may be there.
func Write(t testing.TB, path string, records map[string]map[string]any) {
	t.Helper()
	b := builder{t: t, nodes: [][2]uint32{{}}}
	for _, network := range slices.Sorted(maps.Keys(records)) {
		prefix, err := netip.ParsePrefix(network)
		if err != nil {
			t.Fatal(err)
		}
		offset := len(b.data)
		b.data = b.encode(b.data, records[network])
		b.insert(prefix, offset)
	}
	fresh := path + ".new"
	if err := os.WriteFile(fresh, b.file(), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(fresh, path); err != nil {
		t.Fatal(err)
	}
}

// builder holds the search tree. A record is 0 for nothing, the number of a node, or beyond leaf an offset into the data.
type builder struct {
	t     testing.TB
	nodes [][2]uint32
	data  []byte
}

const leaf = 1 << 24

// insert walks the bits of the network; IPv4 lies below ::/96.
func (b *builder) insert(prefix netip.Prefix, offset int) {
	address, bits := prefix.Addr().As16(), prefix.Bits()
	if prefix.Addr().Is4() {
		address, bits = [16]byte{}, bits+96
		v4 := prefix.Addr().As4()
		copy(address[12:], v4[:])
	}
	node := uint32(0)
	for i := range bits {
		bit := address[i/8] >> (7 - i%8) & 1
		if i == bits-1 {
			b.nodes[node][bit] = leaf + uint32(offset)
			return
		}
		if b.nodes[node][bit] == 0 {
			b.nodes = append(b.nodes, [2]uint32{})
			b.nodes[node][bit] = uint32(len(b.nodes) - 1)
		}
		node = b.nodes[node][bit]
	}
}

// file puts the tree (records of 24 bits), the separator, the data and the metadata together.
func (b *builder) file() []byte {
	var out []byte
	count := uint32(len(b.nodes))
	for _, node := range b.nodes {
		for _, record := range node {
			switch {
			case record == 0:
				record = count
			case record >= leaf:
				record = record - leaf + count + 16
			}
			out = append(out, byte(record>>16), byte(record>>8), byte(record))
		}
	}
	out = append(out, make([]byte, 16)...)
	out = append(out, b.data...)
	out = append(out, "\xab\xcd\xefMaxMind.com"...)
	return b.encode(out, map[string]any{
		"node_count": count, "record_size": uint16(24), "ip_version": uint16(6), "database_type": "Test", "languages": []any{"en"},
		"binary_format_major_version": uint16(2), "binary_format_minor_version": uint16(0), "build_epoch": uint64(1_700_000_000), "description": map[string]any{"en": "test"},
	})
}

// encode writes a value with its control byte.
func (b *builder) encode(out []byte, v any) []byte {
	b.t.Helper()
	switch v := v.(type) {
	case string:
		return append(control(out, 2, len(v)), v...)
	case float64:
		return binary.BigEndian.AppendUint64(control(out, 3, 8), math.Float64bits(v))
	case uint16:
		return binary.BigEndian.AppendUint16(control(out, 5, 2), v)
	case uint32:
		return binary.BigEndian.AppendUint32(control(out, 6, 4), v)
	case uint64:
		return binary.BigEndian.AppendUint64(control(out, 9, 8), v)
	case []any:
		out = control(out, 11, len(v))
		for _, item := range v {
			out = b.encode(out, item)
		}
		return out
	case map[string]any:
		out = control(out, 7, len(v))
		for _, k := range slices.Sorted(maps.Keys(v)) {
			out = b.encode(b.encode(out, k), v[k])
		}
		return out
	}
	b.t.Fatalf("cannot write %T", v)
	return nil
}

// control is the type in the upper three bits, or zero there and the type less seven in a byte of its own, and the size: from 29 on in one more byte, up to 284.
func control(out []byte, kind, size int) []byte {
	first := min(size, 29)
	if kind < 8 {
		out = append(out, byte(kind<<5|first))
	} else {
		out = append(out, byte(first), byte(kind-7))
	}
	if first == 29 {
		out = append(out, byte(size-29))
	}
	return out
}
