// A second opinion on logs: reads a log folder, proof files and cosignatures with golang.org/x/mod/sumdb, the code of
// Go's own checksum database, from the C2SP specifications alone. Prints one line for each thing that it accepts.
//
//	tlog LOGFOLDER VKEY [--proof FILE ENTRYHEX]... [--grown FILE OLDNOTE]... [--cosigned FILE WITNESSVKEY]...
package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func check(what string, err error) {
	if err != nil {
		fmt.Printf("REFUSED %s: %v\n", what, err)
		os.Exit(1)
	}
}

func read(path string) []byte {
	data, err := os.ReadFile(path)
	check(path, err)
	return data
}

// head opens a signed note with one of the verifiers and reads the three lines of a checkpoint.
func head(data []byte, verifiers ...note.Verifier) tlog.Tree {
	opened, err := note.Open(data, note.VerifierList(verifiers...))
	check("signature", err)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check("size", err)
	root, err := tlog.ParseHash(lines[2])
	check("root", err)
	return tlog.Tree{N: size, Hash: root}
}

// files reads tiles where C2SP tlog-tiles has them: as the checksum database, without the height in the path.
type files struct{ folder string }

func (f files) Height() int { return 8 }

func (f files) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range tiles {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(f.folder, path))
		if err != nil {
			return nil, err
		}
		found = append(found, data)
	}
	return found, nil
}

func (f files) SaveTiles([]tlog.Tile, [][]byte) {}

// entries reads all entry bundles of a log.
func entries(folder string, size int64) [][]byte {
	var found [][]byte
	for at := int64(0); at < size; at += 256 {
		width := size - at
		if width > 256 {
			width = 256
		}
		tile := tlog.Tile{H: 8, L: 0, N: at / 256, W: int(width)}
		path := strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)
		data := read(filepath.Join(folder, path))
		for len(data) > 0 {
			length := int(binary.BigEndian.Uint16(data))
			found = append(found, data[2:2+length])
			data = data[2+length:]
		}
	}
	return found
}

// hashes reads base64 lines up to the first empty one; returns them and what follows.
func hashes(lines []string) ([]tlog.Hash, []byte) {
	var found []tlog.Hash
	for at, line := range lines {
		if line == "" {
			return found, []byte(strings.Join(lines[at+1:], "\n"))
		}
		hash, err := tlog.ParseHash(line)
		check("hash", err)
		found = append(found, hash)
	}
	check("proof", fmt.Errorf("has no checkpoint"))
	return nil, nil
}

// cosigner verifies tlog-cosignature's cosignature/v1 as a signature of a note.
type cosigner struct {
	name string
	id   uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.id }

func (c cosigner) Verify(text, signature []byte) bool {
	if len(signature) != 72 {
		return false
	}
	time := binary.BigEndian.Uint64(signature)
	signed := fmt.Sprintf("cosignature/v1\ntime %d\n%s", time, text)
	return ed25519.Verify(c.key, []byte(signed), signature[8:])
}

func newCosigner(vkey string) cosigner {
	parts := strings.SplitN(vkey, "+", 3)
	key, err := base64.StdEncoding.DecodeString(parts[2])
	check("witness key", err)
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	if key[0] != 4 || hex.EncodeToString(sum[:4]) != parts[1] {
		check("witness key", fmt.Errorf("is malformed"))
	}
	return cosigner{parts[0], binary.BigEndian.Uint32(sum[:]), ed25519.PublicKey(key[1:])}
}

func main() {
	folder := os.Args[1]
	verifier, err := note.NewVerifier(os.Args[2])
	check("vkey", err)
	tree := head(read(filepath.Join(folder, "checkpoint")), verifier)
	fmt.Printf("head %d %s\n", tree.N, tree.Hash)

	stored := tlog.TileHashReader(tree, files{folder})
	all := entries(folder, tree.N)
	if int64(len(all)) != tree.N {
		check("entries", fmt.Errorf("are %d", len(all)))
	}
	for index, entry := range all {
		proof, err := tlog.ProveRecord(tree.N, int64(index), stored)
		check("tiles", err)
		check("entry", tlog.CheckRecord(proof, tree.N, tree.Hash, int64(index), tlog.RecordHash(entry)))
	}
	fmt.Printf("entries %d\n", len(all))

	for at := 3; at < len(os.Args); at += 3 {
		file, other := os.Args[at+1], os.Args[at+2]
		lines := strings.Split(string(read(file)), "\n")
		switch os.Args[at] {
		case "--proof":
			if lines[0] != "c2sp.org/tlog-proof@v1" {
				check("proof", fmt.Errorf("begins with %q", lines[0]))
			}
			at := 1
			if strings.HasPrefix(lines[at], "extra ") {
				at++
			}
			index, err := strconv.ParseInt(strings.TrimPrefix(lines[at], "index "), 10, 64)
			check("index", err)
			path, signed := hashes(lines[at+1:])
			tree := head(signed, verifier)
			entry, err := hex.DecodeString(other)
			check("entry", err)
			check(file, tlog.CheckRecord(path, tree.N, tree.Hash, index, tlog.RecordHash(entry)))
			fmt.Printf("proof %d\n", index)
		case "--grown":
			old, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "old "), 10, 64)
			check("old", err)
			path, signed := hashes(lines[1:])
			tree, before := head(signed, verifier), head(read(other), verifier)
			if before.N != old {
				check("old", fmt.Errorf("is %d, not %d", before.N, old))
			}
			check(file, tlog.CheckTree(path, tree.N, tree.Hash, before.N, before.Hash))
			fmt.Printf("grown %d\n", old)
		case "--cosigned":
			witness := newCosigner(other)
			opened, err := note.Open(read(file), note.VerifierList(verifier, witness))
			check(file, err)
			for _, signature := range opened.Sigs {
				if signature.Name == witness.name {
					fmt.Printf("cosigned %s\n", signature.Name)
				}
			}
		}
	}
}
